// ipywidgets ask for JupyterLab's console, to have widgets in it, too. The page of jupyterlab-rise
// 0.43.1 has none, so that no widget appears in its slides. This gives them a name that stands for
// no console: widgets then do without. JupyterLab itself has one, and there this does nothing.
window._JUPYTERLAB ??= {};
window._JUPYTERLAB["mnist-edu-rise"] = {
  init(shared) {
    const console = { IConsoleTracker: { name: "@jupyterlab/console:IConsoleTracker" } };
    shared["@jupyterlab/console"] ??= {
      "4.0.0": { from: "mnist-edu-rise", get: async () => () => console },
    };
  },
};
