import type { FileDocument } from '../resources/fileFacts.js'
import type { Finding, Level, Place } from '../rules/finding.js'
import { heredocDebris } from '../rules/yaml/heredoc-debris.js'
import { yamlSyntax } from '../rules/yaml/yaml-syntax.js'
import type { Span } from '../text/lineIndex.js'
import type { YamlProblem } from '../yaml/node.js'

/**
 * Findings about the YAML of a document, not about an object.
 *
 * @param isIncluded a kustomization includes the file, so kustomize reads it, and not kubectl.
 */
export function documentFindings(
  file: string,
  { serial, facts }: FileDocument,
  isIncluded: boolean,
): Finding[] {
  if (facts.debris.length === 0 && facts.problems.length === 0) return []
  const place = (span: Span): Place => ({ kind: 'document', file, document: serial, span })
  const noDetails = { related: [], assumptions: [], tag: undefined }
  const debris = facts.debris.map((span): Finding => ({
    ...noDetails,
    rule: heredocDebris.name,
    level: heredocDebris.level,
    message: 'Left over from a shell heredoc: remove this line, the YAML is invalid with it.',
    place: place(span),
    fixes: [
      {
        title: 'Remove the heredoc line',
        preferred: true,
        safe: true,
        edits: [{ op: 'delete-lines', file, document: serial, span }],
      },
    ],
  }))
  const syntax = facts.problems.map((problem): Finding => ({
    ...noDetails,
    rule: yamlSyntax.name,
    level: levelOf(problem, isIncluded),
    message:
      problem.duplicateKey !== undefined && isIncluded
        ? `kustomize rejects this file, because of the duplicate key "${problem.duplicateKey}".`
        : problem.message,
    place: place(problem.span),
    fixes: [],
  }))
  return [...debris, ...syntax]
}

function levelOf(problem: YamlProblem, isIncluded: boolean): Level {
  if (problem.isLimit === true) return 'information'
  return problem.duplicateKey !== undefined && !isIncluded ? 'warning' : yamlSyntax.level
}
