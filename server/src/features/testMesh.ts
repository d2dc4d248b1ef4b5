import {
  Analysis,
  isInside,
  meshPathsOf,
  readTestFile,
  type Mesh,
  type TestFile,
  type TestProblem,
} from '@istio-ambient-policy/shared'
import type { WorkspaceFolder } from '../workspace/workspaceFolder.js'
import type { ServerContext } from './serverContext.js'

/** The complete mesh of a test file. `analysis` locates its objects. */
export interface TestMesh {
  readonly mesh: Mesh
  readonly analysis: Analysis
}

type FoundMesh =
  | { readonly found: TestMesh; readonly problems: readonly [] }
  | { readonly found: undefined; readonly problems: readonly TestProblem[] }

const TOP = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

/**
 * The mesh of a test file: the files of the workspace at its paths. Texts count before they are saved. A `lasting` mesh
 * does not change with the texts.
 */
export function testMeshOf(
  context: ServerContext,
  file: string,
  testFile: TestFile,
  { lasting = false } = {},
): FoundMesh {
  const folder = folderAround(context, file)
  if (!folder)
    return {
      found: undefined,
      problems: [{ message: 'This test file is in no folder of the workspace.', range: TOP }],
    }
  const { paths, problems } = testPathsOf(context, file, testFile)
  if (problems.length > 0) return { found: undefined, problems }
  const files = filesAt(context, paths)
  const shared = lasting ? undefined : sharedMesh(context, files)
  return { found: shared ?? newMesh(context, folder, files), problems: [] }
}

/** A mesh with the names to suggest in a test file; undefined if there is none. */
export function meshForNames(
  context: ServerContext,
  file: string,
  testFile: TestFile,
): Mesh | undefined {
  const [first] = filesAt(context, testPathsOf(context, file, testFile).paths)
  const [analysis] = first === undefined ? [] : context.workspaces.analysesOf(first)
  return analysis && context.closedMesh(analysis).mesh
}

export function testPathsOf(
  context: ServerContext,
  file: string,
  testFile: TestFile,
): ReturnType<typeof meshPathsOf> {
  const { workspaces, sources } = context
  return meshPathsOf(file, testFile, {
    text: (other) => (folderAround(context, other) ? sources.text(other) : undefined),
    whyNot: (path) => {
      if (!workspaces.folders.some(({ folder }) => isInside(path, folder)))
        return 'is outside of the workspace'
      return filesAt(context, [path]).length > 0 ? undefined : 'has no files that are read'
    },
  })
}

/** The files of the mesh of a test file; empty if its paths have a problem. */
export function filesOfTest(context: ServerContext, file: string): string[] {
  const { testFile } = readTestFile(context.sources.text(file) ?? '')
  return filesAt(context, testPathsOf(context, file, testFile).paths)
}

function folderAround({ workspaces }: ServerContext, file: string): WorkspaceFolder | undefined {
  return workspaces.folders
    .filter(({ folder }) => folder !== file && isInside(file, folder))
    .sort((a, b) => b.folder.length - a.folder.length)[0]
}

function filesAt({ workspaces }: ServerContext, paths: readonly string[]): string[] {
  return workspaces.folders
    .flatMap((folder) => folder.files())
    .filter((file) => paths.some((path) => isInside(file, path)))
}

/** The mesh of an analysis of the workspace that has exactly these files. */
function sharedMesh(context: ServerContext, files: readonly string[]): TestMesh | undefined {
  const same = context.workspaces.folders
    .flatMap((folder) => folder.analyses())
    .find(
      (analysis) =>
        analysis.visibleFiles.size === files.length &&
        files.every((file) => analysis.visibleFiles.has(file)),
    )
  return same && { mesh: context.closedMesh(same).mesh, analysis: same }
}

function newMesh(
  { sources }: ServerContext,
  { settings }: WorkspaceFolder,
  files: readonly string[],
): TestMesh {
  const analysis = new Analysis({
    settings,
    world: 'closed',
    levels: {},
    loading: true,
    readText: (file) => sources.text(file),
  })
  analysis.update(files.map((file) => ({ file, text: sources.text(file) })))
  analysis.finishLoading()
  return { mesh: analysis.mesh, analysis }
}
