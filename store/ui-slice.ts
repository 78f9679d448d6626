import { createSlice, type PayloadAction } from "@reduxjs/toolkit";

export const DENSITIES = ["compact", "comfortable"] as const;
/** Height of table rows: 28 or 36 px. */
export type Density = (typeof DENSITIES)[number];

type UiState = { density: Density };

const initialState: UiState = { density: "compact" };

/** What this browser prefers. Nothing of the server is kept here. */
export const uiSlice = createSlice({
  name: "ui",
  initialState,
  reducers: {
    densityChanged: (state, { payload }: PayloadAction<Density>) => {
      state.density = payload;
    },
  },
  selectors: { selectDensity: (state) => state.density },
});

export const { densityChanged } = uiSlice.actions;
export const { selectDensity } = uiSlice.selectors;
