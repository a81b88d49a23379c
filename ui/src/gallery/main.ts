/** Every component in every state on one page: in the preview build only, never shipped. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/controls.css";

import { mount } from "svelte";

import { followDesktop } from "../styles/theme";
import Gallery from "./Gallery.svelte";

followDesktop();
const target = document.getElementById("app");
if (target !== null) {
  mount(Gallery, { target });
}
