import { configureStore } from "@reduxjs/toolkit";
import { api } from "@/store/api";
import { liveSlice } from "@/store/live-slice";
import { createLiveMiddleware } from "@/store/live-stream";
import { uiSlice } from "@/store/ui-slice";

/** One store per page load; never shared, because on the server that would mix the data of different people. */
export function makeStore() {
  return configureStore({
    reducer: { api: api.reducer, live: liveSlice.reducer, ui: uiSlice.reducer },
    middleware: (defaults) => defaults().prepend(createLiveMiddleware()).concat(api.middleware),
    // What has arrived is drawn at once; waiting for the next frame to draw it in the one after helps nobody.
    enhancers: (defaults) => defaults({ autoBatch: { type: "tick" } }),
  });
}

export type AppStore = ReturnType<typeof makeStore>;
export type RootState = ReturnType<AppStore["getState"]>;
export type AppDispatch = AppStore["dispatch"];
