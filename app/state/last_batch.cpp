#include "app/state/last_batch.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/api/recipe_json.h"
#include "engine/base/error.h"
#include "engine/base/log.h"

namespace kiln {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;
constexpr int kLargestSide = 1024, kMostInBatch = 4096;

json sprite_json(const Sprite& sprite, const SpriteOrigin& origin) {
  return {{"recipe", sprite.recipe}, {"model_path", origin.model_path}, {"steps", origin.total}};
}

[[noreturn]] void refuse(const std::string& detail) {
  throw Failure(ErrorCode::kCorrupt, "the last batch could not be read", "nothing to do: the next one is written anew", detail);
}

int in_range(const json& in, const char* key, int low, int high) {
  const auto value = in.at(key).get<std::int64_t>();
  if (value < low || value > high) refuse(std::string(key) + " is out of range");
  return static_cast<int>(value);
}

void read_sprite(const json& in, GeneratedBatch& batch) {
  auto recipe = in.at("recipe").get<SpriteRecipe>();
  const int index = static_cast<int>(batch.sprites.size());
  if (recipe.edited) batch.edited.insert(index);
  batch.origins.push_back(
      {in.at("model_path").get<std::string>(), nullptr, 0, recipe.steps_done, in_range(in, "steps", 0, 1'000'000)});
  batch.sprites.push_back({batch.image(index), std::move(recipe)});
}

GeneratedBatch batch_of(const json& in) {
  if (in.at("version").get<int>() != kVersion) refuse("another version");
  GeneratedBatch batch;
  batch.width = in_range(in, "width", 1, kLargestSide);
  batch.height = in_range(in, "height", 1, kLargestSide);
  batch.step = in_range(in, "step", 0, 1'000'000);
  batch.total = in_range(in, "total", 0, 1'000'000);
  batch.model = in.at("model").get<std::string>();
  batch.rgba = in.at("rgba").get_binary();
  const json& sprites = in.at("sprites");
  const std::size_t size = static_cast<std::size_t>(batch.width) * static_cast<std::size_t>(batch.height) * 4;
  if (!sprites.is_array() || sprites.empty() || sprites.size() > kMostInBatch || batch.rgba.size() != sprites.size() * size)
    refuse("sprites and pixels do not belong together");
  for (const json& sprite : sprites) read_sprite(sprite, batch);
  batch.request.model_path = batch.origins.front().model_path;
  batch.request.settings = batch.sprites.front().recipe.settings;
  batch.request.settings.shared_params["count"] = static_cast<std::int64_t>(sprites.size());
  return batch;
}

}  // namespace

Bytes last_batch_bytes(const GeneratedBatch& batch) {
  json sprites = json::array();
  for (std::size_t i = 0; i < batch.sprites.size(); ++i) {
    sprites.push_back(sprite_json(batch.sprites[i], i < batch.origins.size() ? batch.origins[i] : SpriteOrigin()));
  }
  return json::to_cbor({{"version", kVersion},
                        {"width", batch.width},
                        {"height", batch.height},
                        {"step", batch.step},
                        {"total", batch.total},
                        {"model", batch.model},
                        {"rgba", json::binary(batch.rgba)},
                        {"sprites", std::move(sprites)}});
}

GeneratedBatch read_last_batch(const Bytes& bytes) {
  try {
    return batch_of(json::from_cbor(bytes));
  } catch (const json::exception& e) {
    refuse(e.what());
  } catch (const Failure& failure) {
    if (failure.error().code == ErrorCode::kCorrupt) throw;
    refuse(failure.error().message);
  }
}

std::optional<GeneratedBatch> load_last_batch(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return std::nullopt;
  try {
    return read_last_batch(read_file(file, kMostBytes));
  } catch (const Failure& failure) {
    log_warn(failure.error().message + ": " + file.string() + ": " + failure.error().detail);
  } catch (const std::exception& e) {
    log_warn("the last batch could not be read: " + file.string() + ": " + e.what());
  }
  return std::nullopt;
}

}  // namespace kiln
