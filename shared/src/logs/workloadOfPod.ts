import { keys } from '../inventory/indexKeys.js'
import type { Workload } from '../inventory/workloads.js'
import { serviceAccountOf } from '../mesh/pods.js'
import type { Mesh } from '../mesh/mesh.js'
import type { LoggedDestination } from './logLine.js'

/** What Kubernetes appends to the name of a controller for the name of a pod. */
const SUFFIXES: Readonly<Record<Workload['type'], RegExp>> = {
  Pod: /^$/,
  WorkloadEntry: /^$/,
  Deployment: /^-[a-z0-9]{1,10}-[a-z0-9]{5}$/,
  ReplicaSet: /^-[a-z0-9]{5}$/,
  DaemonSet: /^-[a-z0-9]{5}$/,
  StatefulSet: /^-\d{1,5}$/,
  Job: /^(-\d{1,6})?-[a-z0-9]{5}$/,
  CronJob: /^-\d{5,12}(-\d{1,6})?-[a-z0-9]{5}$/,
}

/** For a pod whose controller is shown with another kind in the files. */
const ANY_SUFFIX = /^((-[a-z0-9]{1,10})?-[a-z0-9]{3,5}|-\d{1,5})$/

/**
 * The workload of a pod: by its name, with the part that its controller adds, else the only workload of the namespace
 * with its service account. The name of the workload itself is accepted too.
 */
export function workloadOfPod(
  mesh: Mesh,
  { namespace, pod, identity }: LoggedDestination,
): Workload | undefined {
  const where = namespace ?? identity?.namespace
  if (where === undefined) return undefined
  const workloads = mesh.workloadsAt(keys.workloads(where))
  const name = pod ?? ''
  const named = (fits: (workload: Workload, suffix: string) => boolean): Workload | undefined =>
    workloads
      .filter((workload) => name.startsWith(workload.name))
      .filter((workload) => fits(workload, name.slice(workload.name.length)))
      .sort((a, b) => b.name.length - a.name.length)[0]
  const found =
    named((_, suffix) => suffix === '') ??
    named(({ type }, suffix) => SUFFIXES[type].test(suffix)) ??
    named((_, suffix) => ANY_SUFFIX.test(suffix))
  if (found || !identity) return found
  const ofAccount = workloads.filter(
    (workload) => serviceAccountOf(workload) === identity.serviceAccount,
  )
  return ofAccount.length === 1 ? ofAccount[0] : undefined
}
