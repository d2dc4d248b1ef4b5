import type { Workload } from '../../inventory/workloads.js'
import type { Evidence } from '../../mesh/certainty.js'
import type { Mesh } from '../../mesh/mesh.js'
import { podLabels } from '../../mesh/pods.js'
import { servicesOfWorkload, targetPortOf } from '../../mesh/services.js'
import { matchesLabelSelector } from '../../resources/labelSelector.js'
import type { Monitor } from '../../resources/monitor.js'

/** A container port that a scraper calls by the address of the pod. */
export interface Scrape {
  readonly port: number
  /** `PodMonitor "api"`, or `prometheus.io/scrape`. */
  readonly label: string
  readonly evidence: Evidence
}

/** The ports of a workload that are scraped. Only ports that its containers declare. */
export function scrapesOf(mesh: Mesh, workload: Workload): Scrape[] {
  if (workload.type === 'WorkloadEntry') return []
  const declared = new Set(workload.template.ports.map(({ containerPort }) => containerPort))
  return [...byMonitors(mesh, workload), ...byAnnotation(workload)].filter(({ port }) =>
    declared.has(port),
  )
}

function byMonitors(mesh: Mesh, workload: Workload): Scrape[] {
  const monitors = [...mesh.all('PodMonitor'), ...mesh.all('ServiceMonitor')]
  return monitors
    .filter((monitor) => coversNamespace(monitor, workload.namespace))
    .flatMap((monitor) =>
      portsOf(mesh, monitor, workload).map(({ port, path }): Scrape => ({
        port,
        label: `${monitor.type} "${monitor.name}"`,
        evidence: {
          resource: monitor,
          path,
          message: `This ${monitor.type} scrapes port ${port}.`,
        },
      })),
    )
}

function coversNamespace({ namespaces, namespace: own }: Monitor, namespace: string): boolean {
  return namespaces === 'any' || (namespaces === 'own' ? [own] : namespaces).includes(namespace)
}

function portsOf(mesh: Mesh, monitor: Monitor, workload: Workload) {
  const { selector, ports } = monitor
  if (!selector) return []
  const isOfPods = monitor.type === 'PodMonitor'
  if (isOfPods && !matchesLabelSelector(selector, podLabels(workload))) return []
  const services = isOfPods
    ? []
    : mesh
        .get(servicesOfWorkload, workload)
        .filter(({ labels }) => matchesLabelSelector(selector, labels))
  if (!isOfPods && services.length === 0) return []
  return ports.flatMap(({ port, targetPort, path }) => {
    const targets: readonly (number | string | undefined)[] =
      targetPort !== undefined
        ? [targetPort]
        : isOfPods
          ? [port]
          : services.flatMap((service) =>
              service.ports.filter(({ name }) => name === port).map((found) => found.targetPort),
            )
    return targets.flatMap((target) => {
      const found = target === undefined ? undefined : targetPortOf(workload, target)
      return found === undefined ? [] : [{ port: found, path }]
    })
  })
}

const SCRAPE = 'prometheus.io/scrape'
const SCRAPE_PORT = 'prometheus.io/port'

/** Without a port in the annotations, the only port that the containers declare. */
function byAnnotation(workload: Exclude<Workload, { type: 'WorkloadEntry' }>): Scrape[] {
  const { template, templatePath } = workload
  if (template.annotations?.[SCRAPE] !== 'true') return []
  const [only, ...others] = template.ports
  const written = template.annotations[SCRAPE_PORT]
  const port =
    written !== undefined ? Number(written) : others.length === 0 ? only?.containerPort : undefined
  if (port === undefined) return []
  return [
    {
      port,
      label: SCRAPE,
      evidence: {
        resource: workload,
        path: [...templatePath, 'metadata', 'annotations', SCRAPE],
        message: `The annotation asks for scraping of port ${port}.`,
      },
    },
  ]
}
