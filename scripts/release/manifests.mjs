// The manifests of package managers, as texts. Each gets the names of the release and the checksums of its files.

/** The files and folders of the package that the program needs. */
export const PROGRAM_FILES = ['cli.cjs', 'cli', 'LICENSE', 'THIRD_PARTY_LICENSES.txt']

/** The manifest of the package on npm. Nothing runs when it is installed. */
export function npmManifest(names) {
  return {
    name: names.npmPackage,
    version: names.version,
    description: 'Shows what Istio ambient mode enforces, from YAML files: no cluster, no network.',
    keywords: names.keywords,
    license: names.license,
    homepage: `${names.repositoryUrl}#readme`,
    bugs: { url: `${names.repositoryUrl}/issues` },
    repository: { type: 'git', url: `git+${names.repositoryUrl}.git` },
    engines: { node: names.engines.node },
    bin: { [names.npmPackage]: 'cli.cjs' },
    exports: {
      './evaluator': { types: './evaluator.d.ts', default: './evaluator.cjs' },
      './package.json': './package.json',
    },
    // For module resolution without "exports".
    typesVersions: { '*': { evaluator: ['evaluator.d.ts'] } },
    files: ['*.cjs', 'cli', 'evaluator.d.ts', 'THIRD_PARTY_LICENSES.txt'],
  }
}

export function dockerfile(names) {
  return `# docker build -t ${names.image}:${names.version} .
# docker run --rm --network none -v "$PWD:/work:ro" ${names.image}:${names.version} check
FROM gcr.io/distroless/nodejs24-debian12:nonroot
LABEL org.opencontainers.image.title="${names.npmPackage}" \\
      org.opencontainers.image.version="${names.version}" \\
      org.opencontainers.image.licenses="${names.license}" \\
      org.opencontainers.image.source="${names.repositoryUrl}"
COPY cli.cjs LICENSE THIRD_PARTY_LICENSES.txt /opt/${names.npmPackage}/
COPY cli /opt/${names.npmPackage}/cli
WORKDIR /work
ENTRYPOINT ["/nodejs/bin/node", "/opt/${names.npmPackage}/cli.cjs"]
CMD ["check"]
`
}

/** For `kubectl krew install --manifest=…`: the command `kubectl ambient-policy`. It needs Node. */
export function krewManifest(names, { archive, sha256 }) {
  return `apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: ${names.npmPackage}
spec:
  version: ${names.tag}
  homepage: ${names.repositoryUrl}
  shortDescription: Show what Istio ambient mode enforces
  description: |
    Finds Istio policies that ambient mode (ztunnel and waypoints) does not
    enforce as you expect. It reads YAML files: it needs no cluster and no
    network.
  caveats: |
    This plugin needs Node 20 or newer in the PATH.
  platforms:
    - selector:
        matchExpressions:
          - key: os
            operator: In
            values: [linux, darwin]
      uri: ${names.downloads}/${archive}
      sha256: ${sha256}
      files:
        - from: package/cli.cjs
          to: .
        - from: package/cli/*
          to: cli
        - from: package/LICENSE
          to: .
        - from: package/THIRD_PARTY_LICENSES.txt
          to: .
      bin: cli.cjs
`
}

/** A formula for a tap. The test installs nothing: it runs the program on one file. */
export function homebrewFormula(names, { sha256 }) {
  return `class ${className(names.npmPackage)} < Formula
  desc "Show what Istio ambient mode enforces, from YAML files"
  homepage "${names.repositoryUrl}"
  url "${names.npmTarball}"
  sha256 "${sha256}"
  license "${names.license}"

  depends_on "node"

  def install
    system "npm", "install", *std_npm_args
    bin.install_symlink Dir["#{libexec}/bin/*"]
  end

  test do
    (testpath/"mesh.yaml").write <<~YAML
      apiVersion: v1
      kind: Namespace
      metadata:
        name: shop
        labels:
          istio.io/dataplane-mode: ambient
    YAML
    assert_match "No findings", shell_output("#{bin}/${names.npmPackage} check mesh.yaml")
  end
end
`
}

/** `ambient-policy` → `AmbientPolicy`: Homebrew finds the class by the name of the file. */
function className(name) {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
