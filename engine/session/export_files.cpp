#include "engine/session/export_files.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <system_error>
#include <utility>

#include "engine/api/data_file.h"
#include "engine/base/error.h"
#include "engine/base/file_pattern.h"
#include "engine/base/sha256.h"
#include "engine/formats/atlas/atlas.h"
#include "engine/formats/class_folder_writer.h"
#include "engine/formats/image_file.h"
#include "engine/formats/indexed_png.h"
#include "engine/formats/npz.h"
#include "engine/formats/palette_choice.h"
#include "engine/gallery/recipe_png.h"
#include "engine/pixelart/sheet_layout.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// "potion"; "demon+undead" of a mix.
std::string class_text(const Condition& condition) {
  std::string text;
  for (const ClassWeight& c : condition) text += (text.empty() ? "" : "+") + c.name;
  return text;
}

SheetOptions layout_options(const ParamMap& values) {
  const auto whole = [&](const char* id) { return static_cast<int>(get_int(values, id)); };
  return {whole("columns"), whole("padding"), whole("border"),          whole("inner_padding"),
          whole("extrude"), whole("scale"),   get_bool(values, "trim"), get_bool(values, "power_of_two")};
}

// How a sprite was made, for a program that shows it; the class is told by itself.
ParamMap properties_of(const SpriteRecipe& recipe) {
  if (recipe.model_name.empty()) return {};
  ParamMap properties = recipe.settings.shared_params;
  properties.insert(recipe.settings.sampler_params.begin(), recipe.settings.sampler_params.end());
  properties["model"] = recipe.model_name;
  properties["model_hash"] = recipe.model_hash;
  properties["sampler"] = recipe.settings.sampler;
  std::string mix;
  for (const ClassWeight& c : recipe.condition) mix += (mix.empty() ? "" : ",") + c.name + "=" + to_string(ParamValue(c.weight));
  properties["class"] = mix;
  return properties;
}

// The order of the colours: that with which the sprites were made, if their recipes have it.
std::vector<Rgb8> palette_order(const ExportSprites& command) {
  const ParamMap& params = command.sprites.front().recipe.settings.shared_params;
  const auto found = params.find("palette");
  const auto* text = found == params.end() ? nullptr : std::get_if<std::string>(&found->second);
  if (text == nullptr || !text->starts_with('#')) return command.palette;
  return read_palette_choice(*text).palette.colours;
}

class Maker {
 public:
  explicit Maker(const ExportSprites& command)
      : command_(command), values_(validated(sheet_specs(), command.options, "sheet")), atlas_(get_text(values_, "atlas")) {
    if (command.sprites.empty()) throw Failure(ErrorCode::kInvalidArgument, "there are no sprites to write", "make some first");
    order_.resize(command.sprites.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    if (atlas_ != kNoAtlas) bring_classes_together();
    for (const std::size_t i : order_) images_.push_back(command.sprites[i].image);
    if (get_bool(values_, "indexed")) palette_ = indexed_palette(images_, palette_order(command));
  }

  ExportFiles make() {
    switch (export_format(command_.path)) {
      case ExportFormat::kSheet:
        return sheet();
      case ExportFormat::kFiles:
        return single_files();
      case ExportFormat::kNpy:
        return array(false);
      case ExportFormat::kNpz:
        return array(true);
    }
    return {};
  }

 private:
  const Sprite& sprite(std::size_t place) const { return command_.sprites[order_[place]]; }
  std::string class_of(std::size_t place) const { return class_text(sprite(place).recipe.condition); }

  // Of several classes in turn, those that came first are first; a class's sprites stay in their order.
  void bring_classes_together() {
    std::map<std::string, std::size_t> rank;
    for (const Sprite& s : command_.sprites) rank.emplace(class_text(s.recipe.condition), rank.size());
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return rank[class_text(command_.sprites[a].recipe.condition)] < rank[class_text(command_.sprites[b].recipe.condition)];
    });
  }

  // With the recipes of the sprites from `first` on that are in it, if all of them were made by a model.
  Bytes png(const Image& image, int columns, std::size_t first, std::size_t count) const {
    Bytes bytes = palette_.empty() ? encode_png(image) : encode_indexed_png(image, palette_);
    const SheetOptions options = layout_options(values_);
    PictureRecipe picture{{}, columns, count > 1 ? options.padding : 0, options.scale};
    for (std::size_t i = first; i < first + count; ++i) {
      if (sprite(i).recipe.model_hash.empty()) return bytes;
      picture.sprites.push_back(sprite(i).recipe);
    }
    return with_recipe(std::move(bytes), picture);
  }

  // Of their own among all, without blanks: "slime_elemental_3".
  std::vector<std::string> names() const {
    std::map<std::string, int> counts;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      std::string stem = class_of(i).empty() ? "sprite" : as_file_name(class_of(i));
      std::replace(stem.begin(), stem.end(), ' ', '_');
      names.push_back(stem + "_" + std::to_string(counts[stem]++));
    }
    return names;
  }

  AtlasSheet described(const SheetLayout& layout) const {
    const SheetOptions options = layout_options(values_);
    AtlasSheet sheet;
    sheet.width = layout.width;
    sheet.height = layout.height;
    sheet.indexed = !palette_.empty();
    sheet.margin = (options.border + options.extrude) * options.scale;
    sheet.spacing = (options.padding + 2 * options.extrude) * options.scale;
    const std::vector<std::string> all = names();
    for (std::size_t i = 0; i < layout.frames.size(); ++i) {
      const SheetFrame& frame = layout.frames[i];
      sheet.frames.push_back(
          {all[i], class_of(i), frame.area, frame.place, frame.full_width, frame.full_height, properties_of(sprite(i).recipe), {}});
    }
    return sheet;
  }

  std::string atlas_text(const AtlasSheet& sheet, const std::string& path) const {
    std::error_code error;
    const bool there = command_.replace && fs::is_regular_file(path, error);
    return encode_atlas(atlas_, sheet, there ? read_text(path) : std::string());
  }

  ExportFiles sheet() {
    PackedSheet packed = pack_sheet(images_, layout_options(values_));
    ExportFiles made{{{command_.path, png(packed.image, packed.layout.columns, 0, order_.size())}}, std::move(packed.image)};
    if (const std::string data = data_file(atlas_, command_.path); !data.empty()) {
      AtlasSheet sheet = described(packed.layout);
      sheet.image = fs::path(command_.path).filename().string();
      sheet.hash = sha256_hex(made.files.front().bytes);
      made.files.push_back({data, bytes_of(atlas_text(sheet, data))});
    }
    return made;
  }

  // Each is a sheet of one sprite. A collection's data file lies where all of them lie.
  ExportFiles single_files() {
    std::vector<FilePattern::Values> values;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const ParamMap& params = sprite(i).recipe.settings.shared_params;
      values.push_back({class_of(i).empty() ? "sprite" : as_file_name(class_of(i)),
                        params.contains("seed") ? get_int(params, "seed") : static_cast<std::int64_t>(order_[i])});
    }
    const std::vector<std::string> paths = FilePattern(command_.path).paths(values);
    SheetOptions options = layout_options(values_);
    options.columns = 1;
    ExportFiles made;
    SheetLayout all;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      PackedSheet packed = pack_sheet({images_[i]}, options);
      made.files.push_back({paths[i], png(packed.image, 1, i, 1)});
      all.frames.push_back(packed.layout.frames.front());
      all.frames.back().area = {0, 0, packed.image.width, packed.image.height};
      if (i == 0) made.picture = std::move(packed.image);
    }
    if (atlas_ == kNoAtlas) return made;
    const fs::path data = collection_file(command_.path);
    AtlasSheet collection = described(all);
    for (std::size_t i = 0; i < order_.size(); ++i)
      collection.frames[i].image = fs::path(paths[i]).lexically_relative(data.parent_path()).generic_string();
    made.files.push_back({data, bytes_of(atlas_text(collection, data.string()))});
    return made;
  }

  // "tiles/sprites.tsx" for "tiles/{class}/{n}.png".
  fs::path collection_file(const std::string& pattern) const {
    const auto brace = pattern.find('{'), slash = pattern.rfind('/', brace);
    const fs::path folder = slash == std::string::npos ? "" : pattern.substr(0, slash + 1);
    return data_file(atlas_, (folder / "sprites.png").string());
  }

  ExportFiles array(bool zipped) const {
    if (atlas_ != kNoAtlas)
      throw Failure(ErrorCode::kInvalidArgument, "“" + atlas_ + "” tells of a sheet, and an array is none",
                    "let the name end in .png, or write no data file");
    const std::vector<Image> same = of_one_size(images_);
    NpyArray array{"u1", {static_cast<std::int64_t>(same.size()), same.front().height, same.front().width, 4}, {}};
    for (const Image& image : same) array.bytes.insert(array.bytes.end(), image.rgba.begin(), image.rgba.end());
    return {{{command_.path, zipped ? encode_npz(array, "sprites") : encode_npy(array)}}, {}};
  }

  const ExportSprites& command_;
  ParamMap values_;
  std::string atlas_;
  std::vector<std::size_t> order_;  // which of the command's sprites comes where
  std::vector<Image> images_;       // in that order
  std::vector<Rgba8> palette_;      // empty: not indexed
};

}  // namespace

ExportFiles make_export_files(const ExportSprites& command) { return Maker(command).make(); }

}  // namespace kiln
