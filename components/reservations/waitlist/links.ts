import { RESERVATIONS } from "../links";

export const WAITLIST = `${RESERVATIONS}/waitlist`;
