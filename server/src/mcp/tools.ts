import type { Tool } from './tool.js'
import { accessTool, diffTool } from './tools/accessTools.js'
import { checkTool, fixesTool } from './tools/checkTools.js'
import { evaluateTool } from './tools/evaluateTool.js'
import { explainTool, ruleTool, statusTool } from './tools/explainTools.js'
import { compareTool, whyTool } from './tools/logTools.js'

/** The tools, in the order in which an assistant sees them. */
export const TOOLS: readonly Tool[] = [
  checkTool,
  evaluateTool,
  accessTool,
  diffTool,
  explainTool,
  whyTool,
  statusTool,
  compareTool,
  fixesTool,
  ruleTool,
]

/** The rule for an assistant. */
export const NEVER_GUESS =
  'Never guess a verdict: call "evaluate" before you say that a request is allowed or denied, and repeat its assumptions. "undecided" is an answer: say what decides it.'

/** For the assistant, before its first call. */
export const INSTRUCTIONS = `These tools say, from YAML files only, what Istio ambient mode (ztunnel and waypoints) enforces.
${NEVER_GUESS}
Call "check" after every change of a manifest, or before it with "proposed". Call "diff" before you write a change of a policy, and "access" for who can reach what. Call "why" for a log line of ztunnel or Envoy. Call "explain" for who enforces a policy.
Name the place (file:line:column) of every answer. The tools read files and change none. An answer has at most 4 KB: call the tool again with "from" for the rest.
"evaluate", "status", "why" and "compare" treat the files as the whole mesh; "check" and "explain" know that other objects can exist in the cluster.`
