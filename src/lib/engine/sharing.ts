/** Which packed weights new lanes of a model may read with. Held only while a lane does. */
import type { ModelPackage } from '../models/store';
import type { PackedNetwork } from './int8/weights';

interface Sharing {
	packed: PackedNetwork;
	/** Lanes that the memory has still room for. */
	room: number;
	/** Lanes that read with it now. */
	lanes: number;
}

/** A lane's part in shared weights. */
export interface Share {
	packed: PackedNetwork;
	/** The lane has ended. */
	leave(): void;
}

const sharings = new WeakMap<ModelPackage, Sharing>();

/** The weights of a model that another lane has packed; null where the lane must pack its own. */
export function joinShared(model: ModelPackage): Share | null {
	const sharing = sharings.get(model);
	if (!sharing || sharing.room === 0) return null;
	return enter(model, sharing);
}

/**
 * Note what a lane has packed, for others to join; it takes the place of what was full.
 * @param room lanes that it can hold, this one included.
 */
export function share(model: ModelPackage, packed: PackedNetwork, room: number): Share {
	const sharing = { packed, room, lanes: 0 };
	sharings.set(model, sharing);
	return enter(model, sharing);
}

function enter(model: ModelPackage, sharing: Sharing): Share {
	sharing.room--;
	sharing.lanes++;
	let left = false;
	const leave = () => {
		if (left) return;
		left = true;
		sharing.lanes--;
		if (sharing.lanes === 0 && sharings.get(model) === sharing) sharings.delete(model);
	};
	return { packed: sharing.packed, leave };
}
