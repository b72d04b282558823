/** A true share from the share that an imperfect test finds. */
import { NORMAL_975, type Estimate } from './binomial';

/** A share and the trials that it is worth, which need not be whole; Infinity where it is known. */
export interface Measured {
	/** 0..1. */
	value: number;
	/** Above 0. */
	trials: number;
}

/**
 * The share that has what a test looks for (Rogan and Gladen 1978, "Estimating prevalence from the
 * results of a screening test"), cut to 0..1, with the 95 % interval of Lang and Reiczigel (2014,
 * "Confidence limits for prevalence of disease adjusted for estimated sensitivity and
 * specificity"), which counts that sensitivity and specificity are estimates, too.
 * @param apparent share that the test finds.
 * @returns nulls where the test tells nothing (sensitivity + specificity <= 1) or nothing was tested.
 */
export function trueShare(
	apparent: Measured,
	sensitivity: Measured,
	specificity: Measured
): Estimate {
	const gain = sensitivity.value + specificity.value - 1;
	if (gain <= 0 || !(apparent.trials > 0)) return { value: null, low: null, high: null };
	const squared = NORMAL_975 ** 2;
	const found = shifted(apparent, squared);
	const [sure, clear] = [shifted(sensitivity, 2), shifted(specificity, 2)];
	const shiftedGain = sure.value + clear.value - 1;
	const centre = (found.value + clear.value - 1) / shiftedGain;
	const ofSure = varianceOf(sure);
	const ofClear = varianceOf(clear);
	const error =
		Math.sqrt(varianceOf(found) + centre ** 2 * ofSure + (1 - centre) ** 2 * ofClear) /
		Math.abs(shiftedGain);
	const shift = 2 * squared * (centre * ofSure - (1 - centre) * ofClear);
	return {
		value: cut((apparent.value + specificity.value - 1) / gain),
		low: cut(centre + shift - NORMAL_975 * error),
		high: cut(centre + shift + NORMAL_975 * error)
	};
}

/** The share when trials are added, half of them hits. */
function shifted({ value, trials }: Measured, added: number): Measured {
	if (trials === Infinity) return { value, trials };
	return { value: (value * trials + added / 2) / (trials + added), trials: trials + added };
}

function varianceOf({ value, trials }: Measured): number {
	return (value * (1 - value)) / trials;
}

const cut = (share: number) => Math.min(1, Math.max(0, share));
