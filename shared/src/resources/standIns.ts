import { wholeOf, type FileText } from '../yaml/splitText.js'
import type { BuildContext } from './buildContext.js'
import { isChartFile } from './buildFileNames.js'
import { readChartRelease } from './chart.js'
import { EMPTY_DOCUMENT } from './documentFacts.js'
import type { BuildFile, StandInDocument } from './fileFacts.js'
import type { CreatesObjects } from './otherObject.js'
import type { Resource } from './resource.js'
import { SourceMapBuilder } from './sourceMap.js'

interface StandInInput {
  readonly text: FileText
  readonly context: BuildContext
  readonly buildFile: BuildFile | undefined
  /** Gives each stand-in its serial number. */
  readonly newSerial: () => number
}

/** The documents that stand for what a file adds to the mesh beside its own objects. */
export function standInsOf(
  file: string,
  { text, context, buildFile, newSerial }: StandInInput,
): StandInDocument[] {
  const standIns: StandInDocument[] = []
  if (isChartFile(file)) {
    const serial = newSerial()
    const facts = readChartRelease(file, wholeOf(text), serial)
    if (facts) standIns.push({ standsFor: 'release', serial, ...NO_POSITION, facts })
  }
  if (context.includesRemote || buildFile?.chart?.hasDependencies === true)
    standIns.push(standIn('remote', file, newSerial()))
  if (context.hasUnappliedChanges) standIns.push(standIn('changes', file, newSerial()))
  return standIns
}

const NO_POSITION = { line: 0, start: 0, text: undefined } as const

const CREATES: Readonly<Record<'remote' | 'changes', CreatesObjects>> = {
  remote: 'anywhere',
  changes: 'nothing',
}

function standIn(standsFor: 'remote' | 'changes', file: string, serial: number): StandInDocument {
  const resource: Resource = {
    type: 'Other',
    kind: 'Remote',
    apiVersion: '',
    group: '',
    name: '',
    namespace: '',
    namespaceSource: 'cluster',
    creates: CREATES[standsFor],
    labels: undefined,
    annotations: undefined,
    origin: { file, document: serial, ordinal: 0 },
    problems: [],
    placeholders: [],
  }
  const facts = {
    ...EMPTY_DOCUMENT,
    resources: [resource],
    sources: [new SourceMapBuilder().build(EMPTY_DOCUMENT.lineStarts)],
  }
  return { standsFor, serial, ...NO_POSITION, facts }
}
