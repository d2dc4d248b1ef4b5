// Property tests use the same cases in each run, so that a failure is caused by a change. FC_SEED chooses other cases.
import fc from 'fast-check'
import { runs } from './shared/src/testing/runs.js'

// Outputs are compared without colours, also those of programs that a test starts.
delete process.env.FORCE_COLOR

fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  seed: Number(process.env.FC_SEED ?? 20_261_124),
  numRuns: runs(100),
})
