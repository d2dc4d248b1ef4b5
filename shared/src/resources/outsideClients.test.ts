import { expect, it } from 'vitest'
import { readYaml, resourceOf, resourcesOf } from '../testing/index.js'

const services = (text: string): unknown =>
  resourcesOf(text).map((resource) => ('services' in resource ? resource.services : undefined))

it('a webhook and an APIService refer to Services, on port 443 by default', () => {
  expect(
    services(
      'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: x}\nwebhooks:\n- clientConfig: {url: "https://x"}\n- clientConfig: {service: {name: a, namespace: shop, port: 8443}}\n',
    ),
  ).toEqual([
    [
      {
        name: 'a',
        namespace: 'shop',
        port: 8443,
        path: ['webhooks', 1, 'clientConfig', 'service', 'name'],
      },
    ],
  ])
  expect(
    services(
      'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.x}\nspec: {service: {name: a, namespace: shop}}\n',
    ),
  ).toEqual([[{ name: 'a', namespace: 'shop', port: 443, path: ['spec', 'service', 'name'] }]])
  expect(
    services(
      'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.}\nspec: {service: null}\n',
    ),
  ).toEqual([[]])
})

it('an Ingress of any release refers to Services', () => {
  const head = (apiVersion: string): string =>
    `apiVersion: ${apiVersion}\nkind: Ingress\nmetadata: {name: x, annotations: {kubernetes.io/ingress.class: nginx}}\n`
  expect(
    services(
      `${head('networking.k8s.io/v1')}spec:\n  defaultBackend: {service: {name: a, port: {name: http}}}\n  rules:\n  - http: {paths: [{backend: {resource: {kind: Bucket}}}, {backend: {service: {name: b, port: {number: 80}}}}]}\n`,
    ),
  ).toEqual([
    [
      {
        name: 'a',
        namespace: undefined,
        port: 'http',
        path: ['spec', 'defaultBackend', 'service', 'name'],
      },
      {
        name: 'b',
        namespace: undefined,
        port: 80,
        path: ['spec', 'rules', 0, 'http', 'paths', 1, 'backend', 'service', 'name'],
      },
    ],
  ])
  expect(
    services(
      `${head('extensions/v1beta1')}spec:\n  backend: {serviceName: a, servicePort: http}\n`,
    ),
  ).toEqual([
    [{ name: 'a', namespace: undefined, port: 'http', path: ['spec', 'backend', 'serviceName'] }],
  ])
  expect(resourceOf('Ingress', head('networking.k8s.io/v1')).ingressClassName).toBe('nginx')
  expect(
    resourceOf('Ingress', `${head('networking.k8s.io/v1')}spec: {ingressClassName: istio}\n`)
      .ingressClassName,
  ).toBe('istio')
})

it('problems in the YAML of such objects are not reported', () => {
  const [document] = readYaml(
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: x\n  name: y\nspec:\n  rules: [\nEOF\n',
  )
  expect(document).toMatchObject({ problems: [], debris: [] })
})
