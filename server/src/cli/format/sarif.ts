import {
  LEVELS,
  PRODUCT_NAME,
  RULE_CATALOGUE,
  type Level,
  type Range,
} from '@istio-ambient-policy/shared'
import { docsOf, rulePage } from '@istio-ambient-policy/shared/pages'
import type {
  ArtifactLocation,
  Fix,
  Location,
  Log,
  Notification,
  PropertyBag,
  Region,
  ReportingDescriptor,
  Result,
} from 'sarif'
import type { CheckReport, ReportedFinding } from '../checkReport.js'
import { fingerprintsOf, objectName } from '../fingerprint.js'
import { rulePageAddress } from '../../rulePageAddress.js'
import type { NotRead } from '../notRead.js'
import type { CheckFormatContext, RenderedFix } from './checkFormat.js'
import { toJson } from './json.js'
import { detailsOf, isLineKnown } from './words.js'

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'
/** The base of relative file names. */
const BASE = '%SRCROOT%'
const FINGERPRINT = 'ambientPolicyFinding/v1'

const SARIF_LEVELS: Readonly<Record<Level, Result.level>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
}

/**
 * SARIF 2.1.0 for code scanning (https://docs.oasis-open.org/sarif/sarif/v2.1.0/): one run with the findings and
 * the pages of their rules.
 */
export function formatSarif(report: CheckReport, context: CheckFormatContext): string {
  const rules = [...new Set(report.findings.map(({ rule }) => rule))].sort()
  const fingerprints = fingerprintsOf(report.findings)
  const log = sarifLog(context, {
    notifications: report.notRead.map(notification),
    properties: { rulesOff: report.summary.rulesOff, ignored: report.summary.ignored },
    rules: rules.map((name) => ruleDescriptor(name, report, context)),
    results: report.findings.map((finding) => ({
      ...result(finding),
      ruleIndex: rules.indexOf(finding.rule),
      partialFingerprints: { [FINGERPRINT]: fingerprints.get(finding) ?? '' },
      ...withFixes(context.fixesOf(finding)),
    })),
  })
  return `${toJson(log, 2)}\n`
}

/** A log with one run of this program. */
export function sarifLog(
  { version, complete }: { readonly version: string; readonly complete: boolean },
  {
    notifications = [],
    properties,
    rules,
    results,
  }: {
    readonly notifications?: readonly Notification[]
    readonly properties?: PropertyBag
    readonly rules: readonly ReportingDescriptor[]
    readonly results: readonly Result[]
  },
): Log {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'ambient-policy',
            fullName: `${PRODUCT_NAME} ${version}`,
            semanticVersion: version,
            rules: [...rules],
          },
        },
        invocations: [
          {
            executionSuccessful: complete,
            ...(notifications.length > 0 ? { toolExecutionNotifications: [...notifications] } : {}),
          },
        ],
        originalUriBaseIds: {
          [BASE]: { description: { text: 'The working directory of the run.' } },
        },
        ...(properties ? { properties } : {}),
        columnKind: 'utf16CodeUnits',
        newlineSequences: ['\r\n', '\n', '\r'],
        results: [...results],
      },
    ],
  }
}

/** `internal-error` is no rule with a page: it has the most severe level of its findings. */
function ruleDescriptor(
  name: string,
  { findings }: CheckReport,
  { rulePages }: CheckFormatContext,
): ReportingDescriptor {
  const rule = RULE_CATALOGUE.find((candidate) => candidate.name === name)
  const level =
    rule?.level ??
    LEVELS.find((candidate) =>
      findings.some((finding) => finding.rule === name && finding.level === candidate),
    ) ??
    'warning'
  const defaultConfiguration: ReportingDescriptor['defaultConfiguration'] = {
    level: SARIF_LEVELS[level],
  }
  if (!rule) return { id: name, shortDescription: { text: name }, defaultConfiguration }
  const { summary, why, fix } = docsOf(rule)
  return {
    id: name,
    shortDescription: { text: summary },
    fullDescription: { text: why.trim(), markdown: why.trim() },
    ...(rulePages === undefined ? {} : { helpUri: rulePageAddress(rulePages, name) }),
    help: { text: `${why.trim()}\n\n${fix.trim()}`, markdown: rulePage(rule) },
    defaultConfiguration,
    properties: { tags: ['istio', 'ambient', 'security'] },
  }
}

function result(finding: ReportedFinding): Result {
  const { rule, level, message, file, range, object, related, assumptions } = finding
  return {
    ruleId: rule,
    level: SARIF_LEVELS[level],
    message: {
      text: [
        message,
        ...(finding.rendered ? detailsOf(finding).slice(0, 1) : []),
        ...assumptions.map((assumption) => `Assumption: ${assumption}`),
      ].join('\n'),
    },
    locations: [
      {
        ...sarifLocation(file, isLineKnown(finding) ? range : FIRST_LINE),
        ...(object
          ? {
              logicalLocations: [
                { name: object.name, fullyQualifiedName: objectName(object), kind: 'resource' },
              ],
            }
          : {}),
      },
    ],
    ...(related.length > 0
      ? {
          relatedLocations: related.map((fact, id) => ({
            id,
            ...sarifLocation(fact.file, isLineKnown(fact) ? fact.range : FIRST_LINE),
            message: { text: fact.message },
          })),
        }
      : {}),
  }
}

/** The place of a finding whose line in the template is not known. */
const FIRST_LINE: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

function notification({ file, line, message }: NotRead): Notification {
  const at = line ?? 0
  return {
    level: 'warning',
    message: { text: `${file} ${message}` },
    locations: [
      sarifLocation(file, { start: { line: at, character: 0 }, end: { line: at, character: 0 } }),
    ],
  }
}

function withFixes(fixes: readonly RenderedFix[]): { readonly fixes?: Fix[] } {
  if (fixes.length === 0) return {}
  return {
    fixes: fixes.map(({ title, files }) => ({
      description: { text: title },
      artifactChanges: files.map(({ file, edits }) => ({
        artifactLocation: artifact(file),
        replacements: edits.map(({ range, newText }) => ({
          deletedRegion: region(range),
          ...(newText === '' ? {} : { insertedContent: { text: newText } }),
        })),
      })),
    })),
  }
}

export function sarifLocation(file: string, range: Range): Location {
  return { physicalLocation: { artifactLocation: artifact(file), region: region(range) } }
}

/** A file on another drive has an absolute URI, because it has no path relative to the working directory. */
function artifact(file: string): ArtifactLocation {
  const uri = file
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/')
  return /^[A-Za-z]:\//.test(file)
    ? { uri: `file:///${file.slice(0, 2)}${uri.slice(uri.indexOf('/'))}` }
    : { uri, uriBaseId: BASE }
}

/** Lines and columns start at one. The end column is after the last character. */
function region({ start, end }: Range): Region {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  }
}
