#include "app/state/model_list.h"

#include <algorithm>
#include <system_error>
#include <tuple>

#include "engine/base/lower_case.h"

namespace kiln {

std::vector<ModelFile> list_models(const std::vector<std::filesystem::path>& folders) {
  std::vector<ModelFile> models;
  for (const auto& folder : folders) {
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      if (lower_case(at->path().extension().string()) == ".safetensors")
        models.push_back({at->path().stem().string(), at->path().string()});
    }
  }
  std::sort(models.begin(), models.end(),
            [](const auto& a, const auto& b) { return std::tie(a.name, a.path) < std::tie(b.name, b.path); });
  models.erase(std::unique(models.begin(), models.end()), models.end());
  return models;
}

}  // namespace kiln
