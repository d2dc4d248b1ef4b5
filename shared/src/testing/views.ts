import { evaluateRequest } from '../access/evaluateRequest.js'
import type { AccessRequest } from '../access/request.js'
import type { Analysis } from '../analysis/analysis.js'
import { explainObject } from '../explain/explainObject.js'
import type { Explanation } from '../explain/explanation.js'
import { keys } from '../inventory/indexKeys.js'
import type { MeshSettings } from '../mesh/meshSettings.js'
import type { Resource, ResourceType } from '../resources/resource.js'
import type { Finding } from '../rules/finding.js'
import type { PredictedCondition } from '../status/condition.js'
import { predictedStatus } from '../status/predictStatus.js'
import { analyse, findingsOf } from './checkFiles.js'

/** What the four parts of the product say about the same files. */
export class Views {
  /** As the editor and `check` read the files. */
  readonly open: Analysis
  /** As `evaluate` and `status` read the files. */
  readonly closed: Analysis

  constructor(text: string, settings: MeshSettings = {}) {
    this.open = analyse(text, { settings })
    this.closed = analyse(text, { settings, world: 'closed' })
  }

  explain(type: ResourceType, namespace: string, name: string): Explanation {
    const [resource]: readonly Resource[] = this.open.mesh.written(
      type,
      keys.named(type, namespace, name),
    )
    const explanation = resource && explainObject(this.open.mesh, resource)
    if (!explanation) throw new Error(`No explanation of ${type} ${namespace}/${name}.`)
    return explanation
  }

  evaluate(request: AccessRequest) {
    return evaluateRequest(this.closed.mesh, request)
  }

  status(name: string): PredictedCondition | undefined {
    return this.closed.mesh.get(predictedStatus, '').find(({ resource }) => resource.name === name)
  }

  /** The conditions of an object, as `type reason`. */
  conditions(name: string): string[] {
    return this.closed.mesh
      .get(predictedStatus, '')
      .filter(({ resource }) => resource.name === name)
      .map(({ type, reason }) => `${type} ${reason}`)
  }

  findings(name: string): Finding[] {
    return findingsOf(this.open).filter(
      ({ place }) => place.kind === 'field' && place.resource.name === name,
    )
  }
}
