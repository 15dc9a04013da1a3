#include "app/state/data_settings.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/base/lower_case.h"
#include "engine/base/paths.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

bool among(std::string_view ending, std::initializer_list<std::string_view> endings) {
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

}  // namespace

void bring_into_range(DataSettings& settings) {
  CellGrid& g = settings.grid;
  for (int* side : {&g.cell_width, &g.cell_height}) *side = std::clamp(*side, 1, 1024);
  for (int* gap : {&g.offset_x, &g.offset_y, &g.spacing_x, &g.spacing_y}) *gap = std::clamp(*gap, 0, 1024);
  settings.starter_size = settings.starter_size >= 32 ? 32 : 16;
  settings.starter_count = std::clamp(settings.starter_count, 1, kMostStarterSprites);
  settings.starter_seed = std::max<std::int64_t>(0, settings.starter_seed);
  settings.cell = std::clamp(settings.cell, kSmallestCell, kLargestCell);
}

PathKind kind_of(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return PathKind::kNothing;
  const std::string ending = lower_case(path.extension().string());
  if (fs::is_directory(status))
    return fs::exists(path / "model_index.json", error) || fs::exists(path / "diffusion_pytorch_model.safetensors", error)
               ? PathKind::kModel
               : PathKind::kFolder;
  if (among(ending, {".json", ".ase", ".aseprite"})) return PathKind::kAseprite;
  if (ending == ".npy" || ending == ".npz") return PathKind::kArray;
  if (among(ending, {".safetensors", ".pt", ".pth", ".ckpt", ".bin"})) return PathKind::kModel;
  if (among(ending, {".png", ".apng", ".bmp", ".tga", ".gif", ".jpg", ".jpeg", ".webp", ".psd", ".pnm", ".ppm", ".pgm"}))
    return PathKind::kImage;
  return PathKind::kOther;
}

fs::path typed_path(const std::string& text) {
  std::string plain(trimmed(text));
  if (plain.starts_with("file://")) plain = plain.substr(7);
  plain = with_home(std::move(plain));
  while (plain.size() > 1 && plain.back() == '/') plain.pop_back();
  return plain;
}

SpriteSource make_source(const DataSettings& settings) {
  SpriteSource source;
  const fs::path path = typed_path(settings.path);
  source.path = path.string();
  const PathKind kind = kind_of(path);
  if (kind == PathKind::kImage || (kind == PathKind::kFolder && settings.sheets)) source.grid = settings.grid;
  if (kind == PathKind::kArray) {
    source.labels = typed_path(settings.labels).string();
    for (const auto& name : split(settings.names, ',')) {
      if (const auto plain = trimmed(name); !plain.empty()) source.class_names.emplace_back(plain);
    }
  }
  return source;
}

fs::path default_sets_folder() { return home_folder() / "sprites"; }

fs::path sets_folder(const DataSettings& settings) {
  return settings.made_in.empty() ? default_sets_folder() : typed_path(settings.made_in);
}

}  // namespace kiln
