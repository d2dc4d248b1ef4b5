import { describe, expect, it } from 'vitest'
import { Scheduler, type FileWork } from './scheduler.js'

function recorder(work: Partial<FileWork> = {}) {
  const done: string[] = []
  const scheduler = new Scheduler({
    urgent: () => [],
    read: (file) => done.push(`read ${file}`),
    allRead: () => [],
    publish: (file) => {
      done.push(`publish ${file}`)
      return true
    },
    failed: (file, error) => done.push(`failed ${file}: ${String(error)}`),
    ...work,
  })
  return { done, scheduler }
}

describe('the scheduler', () => {
  it('does a file once, however often it is marked', async () => {
    const { done, scheduler } = recorder()
    scheduler.markDirty(['a', 'b'])
    scheduler.markDirty(['a'])
    await scheduler.idle()
    expect(done).toEqual(['publish a', 'publish b'])
  })

  it('reads before it publishes, and open files first', async () => {
    const { done, scheduler } = recorder({ urgent: () => ['c'] })
    scheduler.markDirty(['a', 'b', 'c'])
    scheduler.markUnread(['b', 'c'])
    await scheduler.idle()
    expect(done).toEqual(['read c', 'read b', 'publish c', 'publish a', 'publish b'])
  })

  it('judges what depends on all files once, when all are read', async () => {
    const waiting = [['c'], []]
    const { done, scheduler } = recorder({ allRead: () => waiting.shift() ?? [] })
    scheduler.markUnread(['a', 'b'])
    await scheduler.idle()
    expect(done).toEqual(['read a', 'read b', 'publish c'])
  })

  it('owes a file until its diagnostics are out', async () => {
    const seen: boolean[] = []
    const { scheduler } = recorder({
      publish: (file) => {
        seen.push(scheduler.owes(file))
        return true
      },
    })
    scheduler.markDirty(['a'])
    await scheduler.idle()
    expect(seen).toEqual([true])
    expect(scheduler.owes('a')).toBe(false)
  })

  it('holds what cannot be done yet, and takes it up when released', async () => {
    let ready = false
    const { done, scheduler } = recorder({
      publish: (file) => {
        if (ready) done.push(file)
        return ready
      },
    })
    scheduler.markDirty(['a', 'b'])
    await scheduler.idle()
    expect([done, scheduler.owes('a')]).toEqual([[], true])
    ready = true
    scheduler.release()
    await scheduler.idle()
    expect([done, scheduler.owes('a')]).toEqual([['a', 'b'], false])
  })

  it('reports a file that fails, and goes on', async () => {
    const { done, scheduler } = recorder({
      publish: (file) => {
        if (file === 'a') throw new Error('broken')
        done.push(file)
        return true
      },
    })
    scheduler.markDirty(['a', 'b'])
    await scheduler.idle()
    expect(done).toEqual(['failed a: Error: broken', 'b'])
  })

  it('hands the event loop back between slices', async () => {
    const order: string[] = []
    const { scheduler } = recorder({
      publish: (file) => {
        const end = performance.now() + 10
        while (performance.now() < end);
        order.push(file)
        return true
      },
    })
    scheduler.markDirty(['a', 'b', 'c'])
    setImmediate(() => setImmediate(() => order.push('message')))
    await scheduler.idle()
    expect(order).toEqual(['a', 'b', 'message', 'c'])
  })
})
