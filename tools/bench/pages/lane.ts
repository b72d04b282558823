// What every lane does: open an engine, compare its logits with the reference vectors, run it.
import type { LaneAnswer, LaneRequest, LaneSetup, LaneVector, OpenedLane } from './protocol.ts';

/** An engine that holds the model. */
export interface LaneEngine<Input> {
	threads: number;
	/** One reference vector as the engine takes it, values one after the other. */
	inputOf(vector: LaneVector): Input;
	/** An input of `batch` times the same image. */
	repeat(one: Input, batch: number): Input;
	/** @returns the logits of all images, one after the other */
	run(input: Input, count: number): Promise<ArrayLike<number>> | ArrayLike<number>;
}

/** Answer the page's requests with the engine that `open` makes. */
export function serveLane<Input>(open: (setup: LaneSetup) => Promise<LaneEngine<Input>>): void {
	let run: (() => Promise<ArrayLike<number>> | ArrayLike<number>) | null = null;
	const start = async (setup: LaneSetup): Promise<OpenedLane> => {
		const engine = await open(setup);
		let largestDifference = 0;
		for (const vector of setup.vectors) {
			const found = await engine.run(engine.inputOf(vector), 1);
			vector.logits.forEach((value, i) => {
				largestDifference = Math.max(largestDifference, Math.abs(value - (found[i] ?? NaN)));
			});
		}
		const [first] = setup.vectors;
		if (!first) throw new Error('no reference vector');
		const input = engine.repeat(engine.inputOf(first), setup.batch);
		run = () => engine.run(input, setup.batch);
		await run();
		return { threads: engine.threads, largestDifference };
	};
	const answer = async (request: LaneRequest): Promise<LaneAnswer> => {
		try {
			if (request.type === 'open') return await start(request.setup);
			if (!run) throw new Error('the lane is not open');
			return { logits: await run() };
		} catch (error) {
			return { error: error instanceof Error ? error.message : String(error) };
		}
	};
	self.addEventListener('message', ({ data }: MessageEvent<LaneRequest>) => {
		void answer(data).then((found) => self.postMessage(found));
	});
}

/** `count` times the same values. */
export function repeated<Values extends Uint8Array | Float32Array>(
	one: Values,
	into: Values
): Values {
	for (let place = 0; place < into.length; place += one.length) into.set(one, place);
	return into;
}
