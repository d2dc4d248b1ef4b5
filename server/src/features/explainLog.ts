import {
  causeInWords,
  changesInWords,
  differentLines,
  EXPLAIN_LOG_REQUEST,
  explainLine,
  explainLines,
  loggedVerdictInWords,
  parseLogs,
  proxyInWords,
  qualifiedName,
  SERVER_COMMANDS,
  type Analysis,
  type ExplainLogParams,
  type ExplainLogResult,
  type LineExplanation,
  type LogAnswer,
  type LoggedObjectLink,
  type LogLine,
  type Place,
} from '@istio-ambient-policy/shared'
import type { Connection } from 'vscode-languageserver'
import { fileOfUri } from '../convert/uris.js'
import { describeError } from '../log.js'
import { MessageType, ShowMessageNotification } from '../lsp.js'
import { fieldOf } from './clientAbilities.js'
import { meshesOf } from './meshView.js'
import { policyFindings } from './policyFindings.js'
import type { ServerContext } from './serverContext.js'

/** Longer logs are not read. */
const MAX_LENGTH = 1_000_000
/** More different lines are not explained. The command line explains all lines. */
const MAX_LINES = 50

/** `istioAmbientPolicy/explainLog`, and the command of the server: why a proxy decided what its log shows. */
export function registerExplainLog(connection: Connection, context: ServerContext): void {
  const explain = (params: unknown): ExplainLogResult => {
    if (!isExplainLogParams(params)) return { problem: 'The argument must have the field log.' }
    try {
      return context.workspaces.runWithinLimit(undefined, () => explainLog(params, context))
    } catch (error) {
      context.log.error(`explain log failed: ${describeError(error)}`)
      return { problem: 'The log cannot be explained: see the output of the server.' }
    }
  }
  connection.onRequest<ExplainLogResult, undefined>(EXPLAIN_LOG_REQUEST, explain)
  context.serverCommands.set(SERVER_COMMANDS.explainLog, ([params]) => {
    const result = explain(params)
    void connection.sendNotification(ShowMessageNotification.type, {
      type: MessageType.Info,
      message: result.problem ?? result.answers.map(answerInWords).join('\n\n'),
    })
    return result
  })
}

function isExplainLogParams(value: unknown): value is ExplainLogParams {
  const document = fieldOf(value, 'textDocument')
  return (
    typeof fieldOf(value, 'log') === 'string' &&
    (document === undefined || typeof fieldOf(document, 'uri') === 'string')
  )
}

function explainLog(params: ExplainLogParams, context: ServerContext): ExplainLogResult {
  const { log } = params
  if (log.length > MAX_LENGTH)
    return { problem: 'The log is too long: use "ambient-policy why" on the command line.' }
  const { lines, skipped } = parseLogs(log)
  if (lines.length === 0)
    return { problem: 'No line of this text is a decision in a log of ztunnel or Envoy.' }
  const shown = lines.slice(0, MAX_LINES)
  const analysis = fittingMesh(shown, params, context)
  if (!analysis)
    return { problem: 'There is no mesh. Open a folder or a file with Kubernetes manifests.' }
  const explained = explainLines(context.closedMesh(analysis).mesh, shown)
  return {
    answers: explained.map(({ lines: numbers, explanation }) =>
      answerOf(explanation, numbers, analysis, context),
    ),
    skipped: skipped.length + lines.length - shown.length,
  }
}

/** The mesh that explains the lines best. The mesh of the document is first among equals. */
function fittingMesh(
  lines: readonly LogLine[],
  { textDocument }: ExplainLogParams,
  context: ServerContext,
): Analysis | undefined {
  const ofDocument = textDocument ? context.workspaces.analysesOf(fileOfUri(textDocument.uri)) : []
  const all = new Set([...ofDocument, ...meshesOf(context).map(({ analysis }) => analysis)])
  const [first, ...others] = all
  if (!first || others.length === 0) return first
  const different = differentLines(lines).map(({ line }) => line)
  let best = { analysis: first, fit: -1 }
  for (const analysis of all) {
    const { mesh } = context.closedMesh(analysis)
    const fit = different.reduce((sum, line) => sum + fitOf(explainLine(mesh, line)), 0)
    if (fit > best.fit) best = { analysis, fit }
  }
  return best.analysis
}

/** How well a mesh explains a line: it names the proxy, has the policy, and says the same. */
function fitOf({ hop, decidedBy, unmatched, agreement }: LineExplanation): number {
  const hasObject = decidedBy !== undefined || unmatched.length > 0
  return (hop.name === null ? 0 : 1) + (hasObject ? 2 : 0) + (agreement === 'agrees' ? 4 : 0)
}

function answerOf(
  explanation: LineExplanation,
  lines: readonly number[],
  analysis: Analysis,
  { diagnostics }: ServerContext,
): LogAnswer {
  const { line, decidedBy, unmatched, nearestMiss } = explanation
  const { verdict, isDryRun: dryRun, reason, format: log } = line
  const words = { ...explanation, log, verdict, dryRun, reason }
  const places = (unmatched.length > 0 || !decidedBy ? unmatched : [decidedBy]).map(
    (object): Extract<Place, { kind: 'field' }> => ({ kind: 'field', ...object, on: 'value' }),
  )
  return {
    lines,
    proxy: proxyInWords(words),
    verdict,
    outcome: loggedVerdictInWords(words),
    cause: causeInWords(words),
    policy: explanation.policy,
    rule: explanation.rule,
    objects: places.flatMap((place): LoggedObjectLink[] => {
      const found = analysis.locate(place)
      const { resource } = place
      return found
        ? [
            {
              kind: resource.type,
              name: qualifiedName(resource),
              uri: diagnostics.uriOf(found.file),
              range: found.range,
            },
          ]
        : []
    }),
    agreement: explanation.agreement,
    differences: explanation.differences,
    smallestChange: nearestMiss ? changesInWords(nearestMiss.changes) : null,
    findings: places.flatMap((place) =>
      policyFindings(place, analysis, (file) => diagnostics.uriOf(file)),
    ),
  }
}

/** An answer for an editor that only shows messages. */
function answerInWords({ proxy, outcome, cause, objects }: LogAnswer): string {
  const places = objects.map(
    ({ name, uri, range }) =>
      `${name}: ${fileOfUri(uri)}:${range.start.line + 1}:${range.start.character + 1}`,
  )
  return [`${proxy}: ${outcome}. ${cause}`, ...places].join('\n')
}
