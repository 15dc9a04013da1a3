#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/gl/window.h"
#include "engine/api/engine.h"

namespace kiln {

struct WindowOptions {
  std::optional<Size> size;          // else as last time
  std::optional<Position> position;  // else where the desktop puts it
  std::string model;                 // a model file to open; else the one of last time
};

using EngineOpener = std::function<std::unique_ptr<Engine>(const EngineOptions&)>;

// Opens the window and stays until it is closed; returns the program's exit status. Throws Failure where no window can be had.
int run_window(const WindowOptions& options);

// The same with the engine that `open` gives; it is called on a thread of its own.
int run_window(const WindowOptions& options, const EngineOpener& open);

}  // namespace kiln
