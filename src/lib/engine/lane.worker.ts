import * as Comlink from 'comlink';
import { LaneServer } from './lane-server';
import { rendererOf } from './probe';

Comlink.expose(
	new LaneServer({
		rendererOf,
		loadTensorFlow: () => import('./tensorflow'),
		transfer: (value, buffers) => Comlink.transfer(value, buffers)
	})
);
