// A file includes only from modules on lower levels, or its own; the app sees the engine's lowest modules, its gallery and
// animation; torch stays in its modules.

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "tests/repository/files.h"
#include "tests/repository/includes.h"
#include "tests/repository/modules.h"

namespace {

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) { return text.starts_with(prefix); });
}

// Why a file of `from` may not include `include`; empty if it may.
std::string objection(const Module& from, const Include& include) {
  if (starts_with_any(include.path, {"torch/", "ATen/", "c10/", "caffe2/"})) {
    return from.torch ? "" : "torch headers stay in the modules marked T";
  }
  if (!starts_with_any(include.path, {"engine/", "app/"})) return "";
  const Module* to = module_of(include.path);
  if (to == nullptr) return "belongs to no module";
  if (to == &from) return "";
  if (to->level >= from.level) return "a module uses modules of lower levels only";
  if (from.path.starts_with("app/") && to->path.starts_with("engine/") && to->level > 1 && to->path != "engine/gallery" &&
      to->path != "engine/animation") {
    return "the app sees the engine's modules of levels 0 and 1 only, engine/gallery and engine/animation";
  }
  return "";
}

std::vector<std::string> objections_to(const std::string& file, const std::string& source) {
  std::vector<std::string> found;
  const Module* module = module_of(file);
  if (module == nullptr) return {file + ": belongs to no module"};
  for (const Include& include : includes_of(source)) {
    std::string why = objection(*module, include);
    const bool beside = fs::exists(kRoot / fs::path(file).parent_path() / include.path);
    if (why.empty() && include.quoted && beside) why = "is written from the repository root";
    if (!why.empty()) found.push_back(file + " includes " + include.path + ": " + why);
  }
  return found;
}

}  // namespace

TEST_CASE("every include of engine and app is an edge that the table of modules allows") {
  const std::vector<std::string> files = source_files();
  CHECK(files.size() > 20);
  for (const std::string& file : files) {
    for (const std::string& found : objections_to(file, contents(kRoot / file))) FAIL_CHECK(found);
  }
}

TEST_CASE("the check of includes sees every kind of forbidden edge") {
  const auto count = [](const char* file, const char* source) { return objections_to(file, source).size(); };

  CHECK(count("engine/base/a.cpp", "#include \"engine/runtime/queue.h\"\n") == 1);               // upwards
  CHECK(count("engine/formats/a.cpp", "#include \"engine/pixelart/sheet.h\"\n") == 1);           // sideways
  CHECK(count("engine/api/a.cpp", "#include \"app/state/state.h\"\n") == 1);                     // out of the engine
  CHECK(count("app/state/a.cpp", "#include \"engine/network/model.h\"\n") == 1);                 // past the engine's interface
  CHECK(count("app/gl/a.cpp", "#include \"app/state/state.h\"\n") == 1);                         // sideways
  CHECK(count("app/cli/a.cpp", "  #  include <torch/torch.h>\n#include <ATen/ATen.h>\n") == 2);  // torch in the app
  CHECK(count("engine/api/a.h", "#include <c10/core/Device.h>\n") == 1);                         // torch in a plain module
  CHECK(count("engine/session/a.cpp", "#include \"engine/kitchen/sink.h\"\n") == 1);             // a module that is not there
  CHECK(count("engine/base/a.cpp", "#include \"error.h\"\n") == 1);                              // not from the root
  CHECK(count("engine/kitchen/sink.cpp", "") == 1);

  CHECK(count("engine/base/a.cpp", "#include \"engine/base/error.h\"\n#include <vector>\n") == 0);
  CHECK(count("engine/session/a.cpp", "#include \"engine/diffusion/schedule.h\"\n#include <torch/torch.h>\n") == 0);
  CHECK(count("app/panels/a.cpp", "#include \"engine/api/engine.h\"\n#include \"app/widgets/theme.h\"\n#include \"glad/gl.h\"\n") ==
        0);
  CHECK(count("app/main.cpp", "#include \"app/shell/window.h\"\n#include \"app/cli/cli.h\"\n") == 0);
  CHECK(count("engine/base/a.cpp", "// #include \"engine/api/engine.h\"\n") == 0);
}
