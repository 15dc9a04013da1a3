#include "engine/gallery/find_model.h"

#include <algorithm>
#include <system_error>

#include "engine/base/byte_source.h"
#include "engine/base/error.h"
#include "engine/base/lower_case.h"
#include "engine/base/paths.h"
#include "engine/base/sha256.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShownDigits = 12;

// "" for a file that cannot be read: it is not the one.
std::string hash_of(const std::string& path) {
  try {
    return sha256_hex(*open_source(path));
  } catch (const Failure&) {
    return {};
  }
}

}  // namespace

std::string find_model(const SpriteRecipe& recipe, const std::vector<std::string>& candidates) {
  std::vector<std::string> order = candidates;
  const auto is_named = [&](const std::string& path) { return fs::path(path).stem() == recipe.model_name; };
  std::stable_partition(order.begin(), order.end(), is_named);
  for (const std::string& path : order) {
    if (hash_of(path) == recipe.model_hash) return path;
  }
  const std::string digits = recipe.model_hash.substr(0, kShownDigits) + "…";
  if (!order.empty() && is_named(order.front())) {
    throw Failure(ErrorCode::kNotFound,
                  "“" + order.front() + "” is another model than the “" + recipe.model_name + "” that made this picture",
                  "the one with the SHA-256 " + digits + " is needed: put it into " + (home_folder() / "models").string());
  }
  throw Failure(ErrorCode::kNotFound, "the model “" + recipe.model_name + "” that made this picture is not here",
                "put its file, with the SHA-256 " + digits + ", into " + (home_folder() / "models").string());
}

std::vector<std::string> models_in(const std::vector<fs::path>& folders) {
  std::vector<std::string> models;
  for (const fs::path& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator entries(folder, error); !error && entries != fs::directory_iterator(); entries.increment(error)) {
      if (lower_case(entries->path().extension().string()) == ".safetensors") models.push_back(entries->path().string());
    }
  }
  return models;
}

}  // namespace kiln
