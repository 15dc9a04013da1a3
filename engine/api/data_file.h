#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiln {

// A data file that can be written beside a sheet.
struct AtlasKind {
  std::string id;      // a value of the parameter “atlas”
  std::string label;   // what the window shows
  std::string ending;  // in place of the sheet's
};

// In the order to show them; the first is none.
const std::vector<AtlasKind>& atlas_kinds();

// The data file that goes with a sheet `image` (a path): "sheet.json" with "sheet.png"; empty for “none”.
std::string data_file(std::string_view atlas, std::string_view image);

}  // namespace kiln
