#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/panels/view.h"

namespace kiln {

// A list of the model files to choose from, recorded as `name`; the one at `path` is marked. `open_file`: it also offers to look
// for another file. The path that was chosen.
std::optional<std::string> model_picker(Studio& studio, std::string_view name, const std::string& shown, const std::string& path,
                                        bool open_file);

}  // namespace kiln
