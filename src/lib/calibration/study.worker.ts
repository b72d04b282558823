import * as Comlink from 'comlink';
import type { Reading } from '../statistics/classifier';
import { studyOf, type Study } from './study';

const statistician = {
	/** See `studyOf`. */
	study(readings: readonly Reading[], thresholds: readonly number[]): Study {
		return studyOf(readings, thresholds);
	}
};

export type Statistician = typeof statistician;
Comlink.expose(statistician);
