import { GATEWAY_CLASSES } from '../vocabulary/gatewayClasses.js'
import { INJECTION } from '../vocabulary/labels.js'
import { isIstioKey } from '../vocabulary/metadataKeys.js'
import type { NetworkPolicy } from './networkPolicy.js'
import type { Labels, Resource } from './resource.js'

/**
 * Whether an object is a sign that Istio is used: an object of Istio or an install of it, a Gateway
 * with a class of Istio, or a label or an annotation of Istio, also in a selector.
 */
export function mentionsIstio(resource: Resource): boolean {
  if (resource.type === 'MeshConfig' || isIstioGroup(resource.group)) return true
  if (hasIstioKey(resource.labels) || hasIstioKey(resource.annotations)) return true
  if (resource.type === 'Service') return hasIstioKey(resource.selector)
  if (resource.type === 'NetworkPolicy') return hasIstioSelector(resource)
  if (resource.type === 'Gateway') return GATEWAY_CLASSES.has(resource.gatewayClassName)
  if (resource.type === 'GatewayClass') return isIstioGroup(domainOf(resource.controllerName))
  return (
    'template' in resource &&
    (hasIstioKey(resource.template.labels) || hasIstioKey(resource.template.annotations))
  )
}

function isIstioGroup(group: string): boolean {
  return group === 'istio.io' || group.endsWith('.istio.io')
}

/** `istio.io` of the controller name `istio.io/gateway-controller`. */
function domainOf(controllerName: string): string {
  return controllerName.split('/')[0] ?? ''
}

function hasIstioKey(entries: Labels | undefined): boolean {
  for (const key in entries) if (key === INJECTION || isIstioKey(key)) return true
  return false
}

function hasIstioSelector({ podSelector, ingress, egress }: NetworkPolicy): boolean {
  return JSON.stringify([podSelector, ingress, egress]).includes('istio.io/')
}
