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
#include "engine/gallery/recipe_batch.h"
#include "engine/gallery/recipe_png.h"
#include "engine/pixelart/sheet_layout.h"
#include "engine/session/played_tags.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::uint64_t seed_of(const SpriteRecipe& recipe) {
  const ParamMap& params = recipe.settings.shared_params;
  return params.contains("seed") ? get_seed(params, "seed") : 0;
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
    place_sprites();
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
  // What lies together: a class, or all of the one animation.
  std::string group_of(std::size_t place) const { return command_.animation.empty() ? class_of(place) : command_.animation; }

  // Which sprite comes where, and in which cell it lies.
  void place_sprites() {
    order_.resize(command_.sprites.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    const bool rows = get_bool(values_, "class_rows") && command_.cells.empty();
    if (!command_.cells.empty()) take_cells();
    if ((atlas_ != kNoAtlas || rows) && command_.animation.empty()) bring_classes_together();
    if (rows) begin_rows();
    if (!cells_.empty()) return;
    cells_.resize(order_.size());
    std::iota(cells_.begin(), cells_.end(), std::size_t{0});
  }

  void take_cells() {
    order_.clear();
    for (std::size_t cell = 0; cell < command_.cells.size(); ++cell) {
      if (command_.cells[cell] < 0) continue;
      order_.push_back(static_cast<std::size_t>(command_.cells[cell]));
      cells_.push_back(cell);
    }
    std::vector<std::size_t> sorted = order_;
    std::sort(sorted.begin(), sorted.end());
    bool once = sorted.size() == command_.sprites.size();
    for (std::size_t i = 0; once && i < sorted.size(); ++i) once = sorted[i] == i;
    if (!once)
      throw Failure(ErrorCode::kInvalidArgument,
                    "the cells do not hold each of the " + std::to_string(command_.sprites.size()) + " sprites once",
                    "name every sprite once, from 0 on");
  }

  // Of several classes in turn, those that came first are first; a class's sprites stay in their order, and each in its cell.
  void bring_classes_together() {
    std::map<std::string, std::size_t> rank;
    for (const Sprite& s : command_.sprites) rank.emplace(class_text(s.recipe.condition), rank.size());
    std::vector<std::size_t> by_class(order_.size());
    std::iota(by_class.begin(), by_class.end(), std::size_t{0});
    std::stable_sort(by_class.begin(), by_class.end(),
                     [&](std::size_t a, std::size_t b) { return rank[class_of(a)] < rank[class_of(b)]; });
    const auto sorted = [&](const std::vector<std::size_t>& of) {
      std::vector<std::size_t> result;
      result.reserve(by_class.size());
      for (const std::size_t place : by_class) result.push_back(of[place]);
      return result;
    };
    if (!cells_.empty()) cells_ = sorted(cells_);
    order_ = sorted(order_);
  }

  // Each class begins a row; without a number of columns, the largest class has one.
  void begin_rows() {
    std::map<std::string, std::size_t> counts;
    for (std::size_t i = 0; i < order_.size(); ++i) ++counts[group_of(i)];
    auto columns = static_cast<std::size_t>(get_int(values_, "columns"));
    if (columns == 0) {
      for (const auto& [name, count] : counts) columns = std::max(columns, count);
      values_["columns"] = static_cast<std::int64_t>(columns);
    }
    std::size_t cell = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (i > 0 && group_of(i) != group_of(i - 1)) cell = (cell + columns - 1) / columns * columns;
      cells_.push_back(cell++);
    }
  }

  // Of each cell, the sprite's place in `order_`; below 0: none. Empty cells behind the last sprite are kept where they were asked
  // for.
  std::vector<int> filled() const {
    std::vector<int> places(std::max(*std::max_element(cells_.begin(), cells_.end()) + 1, command_.cells.size()), -1);
    for (std::size_t i = 0; i < cells_.size(); ++i) places[cells_[i]] = static_cast<int>(i);
    return places;
  }

  // With the recipes of the sprites that lie in its cells, if all of them were made by a model.
  Bytes png(const Image& image, int columns, const std::vector<int>& places) const {
    Bytes bytes = palette_.empty() ? encode_png(image) : encode_indexed_png(image, palette_);
    const SheetOptions options = sheet_options(values_);
    PictureRecipe picture{{}, columns, places.size() > 1 ? options.padding : 0, options.scale};
    for (const int place : places) {
      picture.cells.push_back(place < 0 ? -1 : static_cast<int>(picture.sprites.size()));
      if (place < 0) continue;
      const SpriteRecipe& recipe = sprite(static_cast<std::size_t>(place)).recipe;
      if (recipe.model_hash.empty()) return bytes;
      picture.sprites.push_back(recipe);
    }
    if (picture.sprites.size() == places.size()) picture.cells.clear();  // as they come
    for (const ParamSpec& spec : sheet_specs()) {
      if (spec.id == "columns" || spec.id == "padding" || spec.id == "scale" || spec.id == "atlas" || spec.id == "class_rows" ||
          spec.id == "frame_ms")
        continue;
      if (const ParamValue& value = values_.find(spec.id)->second; value != spec.fallback) picture.sheet[spec.id] = value;
    }
    return with_recipe(std::move(bytes), picture);
  }

  // Of their own among all, without blanks: "slime_elemental_3".
  std::vector<std::string> names() const {
    std::map<std::string, int> counts;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      std::string stem = group_of(i).empty() ? "sprite" : as_file_name(group_of(i));
      std::replace(stem.begin(), stem.end(), ' ', '_');
      names.push_back(stem + "_" + std::to_string(counts[stem]++));
    }
    return names;
  }

  std::vector<PlayedTag> tags() const {
    if (!command_.animation.empty()) return std::vector<PlayedTag>(order_.size(), {command_.animation, true});
    std::vector<SampledSprite> asked;
    std::vector<std::string> classes;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const SpriteRecipe& recipe = sprite(i).recipe;
      asked.push_back({recipe.condition, frame_of(recipe), seed_of(recipe)});
      classes.push_back(class_of(i));
    }
    return played_tags(asked, classes);
  }

  AtlasSheet described(const SheetLayout& layout) const {
    AtlasSheet sheet;
    sheet.width = layout.width;
    sheet.height = layout.height;
    sheet.indexed = !palette_.empty();
    sheet.margin = layout.margin;
    sheet.spacing = layout.spacing;
    const std::vector<std::string> all = names();
    const std::vector<PlayedTag> played = tags();
    const auto frame_ms = static_cast<int>(get_int(values_, "frame_ms"));
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const SheetFrame& frame = layout.frames[cells_[i]];
      sheet.frames.push_back({all[i],
                              class_of(i),
                              frame.area,
                              frame.place,
                              frame.full_width,
                              frame.full_height,
                              recipe_properties(sprite(i).recipe),
                              {},
                              frame_ms,
                              played[i].name,
                              played[i].animated});
    }
    return sheet;
  }

  std::string atlas_text(const AtlasSheet& sheet, const std::string& path) const {
    std::error_code error;
    const bool there = command_.replace && fs::is_regular_file(path, error);
    return encode_atlas(atlas_, sheet, there ? read_text(path) : std::string());
  }

  ExportFiles sheet() {
    const std::vector<int> places = filled();
    std::vector<Image> pictures;
    for (const int place : places) {
      const Image& first = images_.front();
      pictures.push_back(place < 0 ? Image(first.width, first.height) : images_[static_cast<std::size_t>(place)]);
    }
    PackedSheet packed = pack_sheet(pictures, sheet_options(values_));
    ExportFiles made{{{command_.path, png(packed.image, packed.layout.columns, places)}}, std::move(packed.image)};
    made.columns = packed.layout.columns;
    for (std::size_t cell = 0; cell < places.size(); ++cell)
      made.cells.push_back({packed.layout.frames[cell].area,
                            places[cell] < 0 ? -1 : static_cast<int>(order_[static_cast<std::size_t>(places[cell])])});
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
    for (std::size_t i = 0; i < order_.size(); ++i) values.push_back(file_values(sprite(i).recipe, order_[i]));
    const std::vector<std::string> paths = FilePattern(command_.path).paths(values);
    SheetOptions options = sheet_options(values_);
    options.columns = 1;
    ExportFiles made;
    SheetLayout all;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      PackedSheet packed = pack_sheet({images_[i]}, options);
      made.files.push_back({paths[i], png(packed.image, 1, {static_cast<int>(i)})});
      all.frames.push_back(packed.layout.frames.front());
      all.frames.back().area = {0, 0, packed.image.width, packed.image.height};
      if (i == 0) made.picture = std::move(packed.image);
    }
    if (atlas_ == kNoAtlas) return made;
    const fs::path data = collection_file(command_.path);
    std::iota(cells_.begin(), cells_.end(), std::size_t{0});
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
  std::vector<std::size_t> cells_;  // the cell of each in a sheet, in that order
  std::vector<Image> images_;       // in that order
  std::vector<Rgba8> palette_;      // empty: not indexed
};

}  // namespace

ExportFiles make_export_files(const ExportSprites& command) { return Maker(command).make(); }

}  // namespace kiln
