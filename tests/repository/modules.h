#pragma once

#include <array>
#include <string_view>

// The modules and their levels (a table in engine/README.md says what lives in each).
struct Module {
  std::string_view path;
  int level;
  bool torch;  // may include torch headers
};

inline constexpr std::array kModules{
    Module{"engine/base", 0, false},      Module{"engine/runtime", 1, false},  Module{"engine/formats", 1, false},
    Module{"engine/pixelart", 1, false},  Module{"engine/api", 1, false},      Module{"engine/diffusion", 2, true},
    Module{"engine/network", 2, true},    Module{"engine/data", 2, true},      Module{"engine/inference", 3, true},
    Module{"engine/lab", 3, true},        Module{"engine/training", 3, true},  Module{"engine/quality", 3, true},
    Module{"engine/session", 4, true},    Module{"engine/benchmark", 5, true}, Module{"app/gl", 5, false},
    Module{"app/state", 5, false},        Module{"engine/gallery", 2, false},  Module{"app/widgets", 6, false},
    Module{"app/panels", 7, false},       Module{"app/shell", 8, false},       Module{"app/cli", 8, false},
    Module{"engine/animation", 2, false}, Module{"engine/device", 1, true},
};

// The program's main function, above them all.
inline constexpr Module kMain{"app/main.cpp", 9, false};

// The module that a file belongs to, by its path from the repository root; null outside all modules.
inline const Module* module_of(std::string_view file) {
  if (file == kMain.path) return &kMain;
  for (const Module& module : kModules) {
    if (file.starts_with(module.path) && file.substr(module.path.size()).starts_with('/')) return &module;
  }
  return nullptr;
}
