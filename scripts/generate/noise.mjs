/**
 * Files without objects that the analysis uses, as in real repositories: charts, values, workflows, compose and
 * lock files.
 */
export function* noiseFile(index, random) {
  if (index % 150 === 149) return yield [`web/app-${index}/pnpm-lock.yaml`, lockFile(random)]
  const kind = random.below(100)
  if (kind < 21) return yield* chart(index, random)
  if (kind < 40) yield [`env/values-${index}.yaml`, values(index, random)]
  else if (kind < 58) yield [`.github/workflows/workflow-${index}.yaml`, workflow(index)]
  else if (kind < 74) yield [`compose/docker-compose-${index}.yml`, compose(index, random)]
  else if (kind < 90)
    yield [
      `overlays/o-${index}/kustomization.yaml`,
      `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: team-${random.below(40)}\nresources:\n  - deployment-${index}.yaml\n  - service-${index}.yaml\nimages:\n  - name: app\n    newTag: "1.${index}"\n`,
    ]
  else yield [`api/openapi-${index}.yaml`, openApi(index, random)]
}

function* chart(index, random) {
  const name = `chart-${index}`
  const folder = `charts/${name}`
  yield [`${folder}/Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: 1.0.${index}\n`]
  yield [
    `${folder}/templates/object-${index}.yaml`,
    `{{- if .Values.${random.chance(50) ? 'enabled' : 'mesh.enabled'} }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "${name}.fullname" . }}
  labels:
    {{- include "${name}.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount }}
  template:
    metadata:
      {{- with .Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          ports:
            - containerPort: {{ .Values.service.port }}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: {{ include "${name}.fullname" . }}
spec:
  rules:
    {{- range .Values.callers }}
    - from:
        - source:
            principals: ["cluster.local/ns/{{ .namespace }}/sa/{{ .account }}"]
    {{- end }}
{{- end }}
`,
  ]
}

function values(index, random) {
  const keys = Array.from(
    { length: 10 + random.below(60) },
    (_, key) => `  option${key}: "${random.below(10_000)}"\n`,
  ).join('')
  return `# Values of release ${index}\nreplicaCount: ${random.below(9)}\nimage:\n  repository: registry.example.com/app-${index}\n  tag: v1\noptions:\n${keys}kindOfService: ClusterIP\nservice:\n  kind: Service\n  port: 80\n`
}

function workflow(index) {
  return `name: deploy-${index}
on:
  push:
    branches: [main]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Apply
        run: |
          cat <<EOF | kubectl apply -f -
          apiVersion: v1
          kind: Pod
          metadata:
            name: test-${index}
          EOF
        env:
          TOKEN: \${{ secrets.TOKEN }}
`
}

function compose(index, random) {
  const services = Array.from(
    { length: 2 + random.below(6) },
    (_, service) =>
      `  service-${service}:\n    <<: *defaults\n    image: app-${index}-${service}\n    ports: ["${3_000 + service}:80"]\n`,
  ).join('')
  return `x-defaults: &defaults\n  restart: always\n  environment:\n    LOG: info\nservices:\n${services}`
}

function openApi(index, random) {
  const paths = Array.from(
    { length: 5 + random.below(25) },
    (_, path) =>
      `  /things/${path}:\n    get:\n      summary: Reads thing ${path}\n      responses:\n        "200":\n          description: It is there.\n          content:\n            application/json:\n              schema: {$ref: '#/components/schemas/Thing'}\n`,
  ).join('')
  return `openapi: 3.0.3\ninfo:\n  title: API ${index}\n  version: "1"\npaths:\n${paths}components:\n  schemas:\n    Thing:\n      type: object\n      properties:\n        kind: {type: string}\n`
}

function lockFile(random) {
  const packages = Array.from(
    { length: 300 + random.below(1_500) },
    (_, index) =>
      `  /package-${index}@1.${random.below(30)}.${random.below(10)}:\n    resolution: {integrity: sha512-${'a'.repeat(40)}${random.below(1_000_000)}==}\n    engines: {node: '>=18'}\n    dev: true\n`,
  ).join('')
  return `lockfileVersion: '6.0'\npackages:\n${packages}`
}
