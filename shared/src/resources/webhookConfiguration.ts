import { objectOf, type DecodeInput, type ResourceBase } from './resourceBase.js'
import { decodeServiceReference, type ServiceReference } from './serviceReference.js'

/** Webhooks that the API server calls before it stores an object. */
export interface WebhookConfiguration extends ResourceBase {
  readonly type: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration'
  /** The Services that it calls. */
  readonly services: readonly ServiceReference[]
}

export function decodeWebhookConfiguration(
  type: WebhookConfiguration['type'],
): (input: DecodeInput) => WebhookConfiguration {
  return ({ base, reader }) =>
    objectOf(base, {
      type,
      services: (reader.objects('webhooks') ?? []).flatMap((webhook) =>
        decodeServiceReference(webhook.object('clientConfig')?.object('service')),
      ),
    })
}
