import {
  definitionsOf,
  isTestFile,
  mentionsOf,
  namesInTest,
  rangeCovers,
  thingKey,
  type Analysis,
  type NameInTest,
  type Position,
} from '@istio-ambient-policy/shared'
import { compileExclude } from '../workspace/exclude.js'
import { walk } from '../workspace/walk.js'
import type { ServerContext } from './serverContext.js'
import { filesOfTest } from './testMesh.js'

/** A name in a test file, with its file. */
export interface TestNamePlace extends NameInTest {
  readonly file: string
}

/** The name at a position of a test file, with an analysis of its mesh that has the object; undefined for none. */
export function testNameAt(
  context: ServerContext,
  file: string,
  position: Position,
): { readonly name: NameInTest; readonly analysis: Analysis | undefined } | undefined {
  const name = namesInTest(context.sources.text(file) ?? '').find(({ range }) =>
    rangeCovers(range, position),
  )
  if (!name) return undefined
  const { thing } = name
  const analyses = [
    ...new Set(filesOfTest(context, file).flatMap((each) => context.workspaces.analysesOf(each))),
  ]
  return {
    name,
    analysis:
      analyses.find(({ mesh }) => definitionsOf(mesh, thing).length > 0) ??
      analyses.find(({ mesh }) => mesh.get(mentionsOf, thingKey(thing)).length > 0),
  }
}

/** The places in test files that name one of some things. Only test files whose mesh has one of the files count. */
export function testNamesOf(
  context: ServerContext,
  things: ReadonlySet<string>,
  files: ReadonlySet<string>,
): TestNamePlace[] {
  return testFilesIn(context).flatMap((file) => {
    const names = namesInTest(context.sources.text(file) ?? '').filter(({ thing }) =>
      things.has(thingKey(thing)),
    )
    if (names.length === 0 || !filesOfTest(context, file).some((each) => files.has(each))) return []
    return names.map((name) => ({ ...name, file }))
  })
}

/** The test files of all folders, on disk or open. */
function testFilesIn({ workspaces, sources, files }: ServerContext): string[] {
  const onDisk = workspaces.folders
    .filter(({ folder }) => files.has(folder) && !sources.isOpen(folder))
    .flatMap(({ folder, settings }) => {
      const steps = walk(files, [folder], {
        maxFiles: settings.maxFiles,
        isExcluded: compileExclude(settings.exclude, folder),
        isWanted: isTestFile,
      })
      for (;;) {
        const step = steps.next()
        if (step.done === true) return step.value.map(({ path }) => path)
      }
    })
  return [...new Set([...onDisk, ...sources.openFiles().filter(isTestFile)])].sort()
}
