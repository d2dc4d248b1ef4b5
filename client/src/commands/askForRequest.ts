import { l10n } from 'vscode'
import type { DestinationChoice, SourceChoice } from '@istio-ambient-policy/shared'
import { ask, type Answer, type Choice, type Question } from './ask.js'
import { askForHttp } from './askForHttp.js'
import {
  draftInWords,
  OUTSIDE_ADDRESS,
  type QuestionContext,
  type RequestDraft,
} from './requestDraft.js'

type From = NonNullable<RequestDraft['from']>
type To = NonNullable<RequestDraft['to']>

type Step = (
  draft: RequestDraft,
  context: QuestionContext,
  position: Pick<Question<unknown>, 'title' | 'step' | 'steps'>,
) => Promise<Answer<Partial<RequestDraft>>>

/**
 * Asks for source, destination, port and request, one after the other. The user can go back in each step.
 *
 * @returns undefined if the user cancelled.
 */
export async function askForRequest(context: QuestionContext): Promise<RequestDraft | undefined> {
  const { given } = context
  const steps: Step[] = [
    ...(given.from ? [] : [askSource]),
    ...(given.to ? [] : [askDestination]),
    ...(given.port === undefined ? [askPort] : []),
    askForHttp,
  ]
  const drafts: RequestDraft[] = [given]
  let isBack = false
  for (let index = 0; index < steps.length;) {
    const draft = drafts[index] ?? given
    const step = steps[index]
    const only = step === askPort ? onlyPortOf(draft, context) : undefined
    if (only !== undefined) {
      // A question with one answer is not asked, in both directions.
      if (isBack && index > 0) index--
      else {
        drafts[++index] = { ...draft, port: only }
        isBack = false
      }
      continue
    }
    const answer = await step?.(draft, context, {
      title: l10n.t('Evaluate: {0}', draftInWords(draft)),
      step: index + 1,
      steps: steps.length,
    })
    if (answer === undefined) return undefined
    isBack = answer === 'back'
    if (answer === 'back') index = Math.max(0, index - 1)
    else drafts[++index] = { ...draft, ...answer.value }
  }
  return drafts[steps.length]
}

const askSource: Step = async (_, { choices, last }, position) => {
  const accounts = choices.sources.map((source): Choice<From> => ({
    label: accountName(source),
    description: source.runs.join(', ') || l10n.t('no workload uses it'),
    value: { namespace: source.namespace, serviceAccount: source.serviceAccount },
  }))
  const outside: Choice<From> = {
    label: OUTSIDE_ADDRESS,
    description: l10n.t('outside the mesh, without an identity'),
    value: { ip: OUTSIDE_ADDRESS },
  }
  const answer = await ask<From>({
    ...position,
    placeholder: l10n.t(
      'Source: a service account, or type namespace/service-account or an IP address',
    ),
    choices: [
      { label: l10n.t('Service accounts') },
      ...accounts,
      { label: l10n.t('Outside the mesh') },
      outside,
    ],
    selected: last.from,
    fromText: sourceFromText,
  })
  return asPart('from', answer)
}

function accountName({
  namespace,
  serviceAccount,
}: Pick<SourceChoice, 'namespace' | 'serviceAccount'>): string {
  return `${namespace}/${serviceAccount}`
}

function sourceFromText(text: string): Choice<From> | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-f]*:[0-9a-f:.]+$/i.test(text))
    return {
      label: text,
      description: l10n.t('outside the mesh, without an identity'),
      value: { ip: text },
    }
  const [, namespace, serviceAccount] = /^([a-z0-9.-]+)\/([a-z0-9.-]+)$/.exec(text) ?? []
  return namespace === undefined || serviceAccount === undefined
    ? undefined
    : {
        label: text,
        description: l10n.t('another service account'),
        value: { namespace, serviceAccount },
      }
}

const KINDS = [
  ['service', l10n.t('Services')],
  ['workload', l10n.t('Workloads, at their own address')],
  ['host', l10n.t('Hosts of ServiceEntries')],
] as const

const askDestination: Step = async (_, { choices, last }, position) => {
  const groups = KINDS.flatMap(([kind, label]): Choice<To>[] => {
    const members = choices.destinations.filter((destination) => destination.kind === kind)
    return members.length === 0
      ? []
      : [
          { label },
          ...members.map(({ name, ports }): Choice<To> => ({
            label: name,
            description: portNames(ports),
            value: { kind, name },
          })),
        ]
  })
  const answer = await ask<To>({
    ...position,
    placeholder: l10n.t('Destination'),
    choices: groups,
    selected: last.to,
  })
  return asPart('to', answer)
}

function portsOf(
  { to }: RequestDraft,
  { choices }: Pick<QuestionContext, 'choices'>,
): DestinationChoice['ports'] {
  return (
    choices.destinations.find(({ kind, name }) => kind === to?.kind && name === to.name)?.ports ??
    []
  )
}

/** The port of a destination that has one; undefined if there are several, or none is known. */
function onlyPortOf(draft: RequestDraft, context: QuestionContext): number | undefined {
  const [first, ...others] = portsOf(draft, context)
  return others.length === 0 ? first?.port : undefined
}

function portNames(ports: DestinationChoice['ports']): string {
  return ports.length === 0
    ? l10n.t('no port in the files')
    : l10n.t('port {0}', ports.map(({ port }) => port).join(', '))
}

const askPort: Step = async (draft, { choices, last }, position) => {
  const ports = portsOf(draft, { choices })
  const answer = await ask<number>({
    ...position,
    placeholder: l10n.t('Port: choose a port, or type a number'),
    choices: ports.map(({ port, name }) => ({
      label: String(port),
      description: name,
      value: port,
    })),
    selected: last.port,
    fromText: (text) => {
      const port = Number(text)
      return Number.isInteger(port) && port >= 1 && port <= 65_535
        ? { label: text, description: l10n.t('another port'), value: port }
        : undefined
    },
  })
  return asPart('port', answer)
}

function asPart<K extends keyof RequestDraft>(
  key: K,
  answer: Answer<RequestDraft[K]>,
): Answer<Partial<RequestDraft>> {
  return answer === undefined || answer === 'back' ? answer : { value: { [key]: answer.value } }
}
