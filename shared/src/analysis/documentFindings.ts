import type { FileDocument } from '../resources/fileFacts.js'
import type { Finding, Place } from '../rules/finding.js'
import { heredocDebris } from '../rules/yaml/heredoc-debris.js'
import { yamlSyntax } from '../rules/yaml/yaml-syntax.js'
import type { Span } from '../text/lineIndex.js'

/** Findings about the YAML of a document, not about an object. */
export function documentFindings(file: string, { serial, facts }: FileDocument): Finding[] {
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
    level: problem.isLimit === true ? 'information' : yamlSyntax.level,
    message: problem.message,
    place: place(problem.span),
    fixes: [],
  }))
  return [...debris, ...syntax]
}
