import * as Comlink from 'comlink';
import { fetchKeptKernel } from '../engine/int8/choose-kernel';
import { Int8MapNetwork } from '../engine/int8/map-network';
import { warmUpInput } from '../pixels/model-input';
import { detailOf, failed, succeeded, type Outcome } from '../problems/problems';
import { findLungs, type LungFinder } from './lungs/find';
import { findsReferences, type RegionModel } from './region-model';
import type { RegionService } from './region-service';

let opened: { model: Omit<RegionModel, 'finder'>; finder: LungFinder } | undefined;

const service: RegionService = {
	async open(model, exact) {
		const { finder, ...rest } = model;
		const trials = exact ? [openExact] : [openInt8, openExact];
		let outcome: Outcome<null> = failed('backend-absent', { backend: 'wasm' });
		for (const open of trials) {
			outcome = await admit(open, finder, rest);
			if (outcome.ok) break;
		}
		return outcome;
	},

	async find(film, aspect, drawn) {
		if (!opened) throw new Error('the region worker is not open');
		const { model, finder } = opened;
		const found = await findLungs(film, aspect, finder, model, await warmUpInput(), drawn);
		return Comlink.transfer(found, [found.pixels.buffer]);
	}
};

/** Take a finder if it finds what the references say. */
async function admit(
	open: (finder: RegionModel['finder']) => Promise<LungFinder>,
	model: RegionModel['finder'],
	rest: Omit<RegionModel, 'finder'>
): Promise<Outcome<null>> {
	const backend = open === openInt8 ? 'int8' : 'wasm';
	try {
		const finder = await open(model);
		if (!(await findsReferences(finder, rest, await warmUpInput()))) {
			return failed('backend-wrong', { backend, difference: 0 });
		}
		opened = { model: rest, finder };
		return succeeded(null);
	} catch (error) {
		return failed('backend-failed', { backend, detail: detailOf(error).slice(0, 200) });
	}
}

async function openInt8(model: RegionModel['finder']): Promise<LungFinder> {
	const network = Int8MapNetwork.load(model, await fetchKeptKernel());
	return { size: model.input.width, read: (pixels) => network.read(pixels) };
}

async function openExact(model: RegionModel['finder']): Promise<LungFinder> {
	// Loaded when it is asked for: the int8 engine needs nothing of it.
	const [{ startBackend }, { TensorFlowMapNetwork }] = await Promise.all([
		import('../engine/tensorflow'),
		import('../engine/tensorflow-map-network')
	]);
	await startBackend('wasm');
	const network = await TensorFlowMapNetwork.load(model);
	return { size: model.input.width, read: (pixels) => network.read(pixels) };
}

Comlink.expose(service);
