// What the bench's page and its lanes tell one another.
import type { SmearRule } from '../../../src/lib/smears/prepare.ts';

/** One engine, one way to run it; serialisable, since it goes into a page and a worker. */
export interface LaneSetup {
	engine: 'fieldlens' | 'tfjs' | 'onnxruntime-web';
	backend: 'int8' | 'wasm' | 'webgl' | 'webgpu';
	numbers: 'fp32' | 'int8';
	lanes: number;
	/** A lane; 0 for as many as the engine takes. */
	threads: number;
	batch: number;
	/** The model's id. */
	model: string;
	/** Input node, its size, output node. */
	graph: { name: string; width: number; height: number; channels: number; logits: string };
	/** NHWC; at least one. */
	vectors: LaneVector[];
}

export interface LaneVector {
	/** 0 to 255. */
	pixels: number[];
	/** The pixels normalised. */
	values: number[];
	logits: number[];
}

export interface OpenedLane {
	threads: number;
	/** Of the logits of the reference vectors. */
	largestDifference: number;
}

export type LaneRequest = { type: 'open'; setup: LaneSetup } | { type: 'run' };
export type LaneAnswer = OpenedLane | { logits: unknown } | { error: string };

/** What the page offers to the bench. */
export interface LanePage {
	/** Start the lanes and check that they compute what the manifest says. */
	openLanes(setup: LaneSetup): Promise<OpenedLane>;
	/**
	 * Read `count` images, each lane taking the next batch when it is free.
	 * @returns milliseconds an image
	 */
	runLanes(count: number, batch: number): Promise<number>;
}

/** What the steps before reading took for one microscope field. */
export interface FieldParts {
	/** That are read. */
	cells: number;
	width: number;
	height: number;
	decodeMs: number;
	findMs: number;
	cutMs: number;
	restMs: number;
}

/** What the script of fields adds to the bench's page. */
export interface FieldPage {
	/** Measure the fields at these addresses, each once. */
	measureFields: (addresses: readonly string[], rule: SmearRule) => Promise<FieldParts[]>;
}
