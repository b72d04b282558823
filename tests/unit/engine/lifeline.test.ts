import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Lifeline } from '../../../src/lib/engine/lifeline';

const never = () => new Promise<never>(() => undefined);

describe('a lifeline', () => {
	it('changes nothing while it holds', async () => {
		const lifeline = new Lifeline();
		expect(await lifeline.tied(Promise.resolve(7))).toBe(7);
		await expect(lifeline.tied(Promise.reject(new Error('full')))).rejects.toThrow('full');
	});

	it('that is cut ends all that waits, and what comes later', async () => {
		const lifeline = new Lifeline();
		const waiting = [lifeline.tied(never()), lifeline.tied(never())];
		lifeline.cut(new Error('lost'));
		lifeline.cut(new Error('lost again'));
		for (const work of [...waiting, lifeline.tied(never()), lifeline.tied(Promise.resolve(7))]) {
			await expect(work).rejects.toThrow(/^lost$/);
		}
	});

	it('leaves alone what was done before', async () => {
		const lifeline = new Lifeline();
		const done = lifeline.tied(Promise.resolve(7));
		await done;
		lifeline.cut(new Error('lost'));
		expect(await done).toBe(7);
	});

	it('takes what fails after the cut without a word', async () => {
		const unhandled: unknown[] = [];
		const note = (reason: unknown) => unhandled.push(reason);
		process.on('unhandledRejection', note);
		const lifeline = new Lifeline();
		let fail: (reason: Error) => void = () => undefined;
		const work = lifeline.tied(new Promise<never>((_, reject) => (fail = reject)));
		lifeline.cut(new Error('lost'));
		fail(new Error('and failed'));
		await expect(work).rejects.toThrow('lost');
		// Node tells of unhandled rejections before its next turn.
		await new Promise((resolve) => setImmediate(resolve));
		process.off('unhandledRejection', note);
		expect(unhandled).toEqual([]);
	});

	it('holds on to nothing that is done', async () => {
		setFlagsFromString('--expose-gc');
		const collect = runInNewContext('gc') as () => void;
		const lifeline = new Lifeline();
		const done: WeakRef<Float32Array>[] = [];
		for (let i = 0; i < 100; i++) {
			done.push(new WeakRef(await lifeline.tied(Promise.resolve(new Float32Array(8)))));
		}
		await new Promise((resolve) => setImmediate(resolve));
		collect();
		// The last one may still be on the stack.
		expect(done.filter((one) => one.deref() !== undefined).length).toBeLessThan(5);
		lifeline.cut(new Error('lost'));
		await expect(lifeline.tied(never())).rejects.toThrow('lost');
	});
});
