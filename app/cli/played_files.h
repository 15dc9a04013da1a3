#pragma once

#include <string>
#include <vector>

#include "app/cli/export_options.h"

namespace kiln {

// The animations among a model's sprites, each as a GIF or an APNG: the path is a pattern (file_pattern.h) if there are several.

// Throws Failure for a path (empty: none) that says no format, that no model's animation or more than one would have, or that may
// not be written.
void check_played(const std::string& path, const ExportOptions& exporting, const SampleRequest& request, EngineRunner& engine);

// Writes them; the paths. Of sprites that were asked for by a request which check_played() has seen, or of the first of them.
std::vector<std::string> write_played(const std::string& path, const ExportOptions& exporting, const std::vector<Sprite>& sprites);

}  // namespace kiln
