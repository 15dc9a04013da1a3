#include "engine/data/preprocessing.h"

#include <algorithm>
#include <set>

#include "engine/base/text.h"
#include "engine/formats/palette_file.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/colours.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/palette_map.h"
#include "engine/pixelart/scale.h"

namespace kiln {
namespace {

constexpr int kLargestSide = 1024;

// Whether `part` is called so: “data/val” is “val” too.
bool is_called(const std::string& part, const std::string& name) { return part == name || part.ends_with("/" + name); }

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Failure(ErrorCode::kInvalidArgument, message, hint);
}

}  // namespace

int grid_of_sprites(const std::vector<DatasetSprite>& sprites, const std::vector<std::size_t>& members) {
  std::vector<Image> images;
  for (const auto member : members) images.push_back(sprites[member].image);
  return grid_factor(images);
}

PreprocessingWork::PreprocessingWork(SpriteCollection& collection, Preprocessing preprocessing)
    : collection_(collection), preprocessing_(std::move(preprocessing)) {
  const auto& r = preprocessing_;
  if (r.downscale != kDetectFactor && (r.downscale < 1 || r.downscale > 64))
    refuse("sprites cannot be reduced by " + std::to_string(r.downscale), "choose a factor from 1 to 64");
  if (r.pad != PixelSize{} && (std::min(r.pad.width, r.pad.height) < 1 || std::max(r.pad.width, r.pad.height) > kLargestSide))
    refuse("sprites cannot be padded to " + size_text(r.pad), "choose sides from 1 to 1024");
  for (const auto& [from, to] : r.renames) {
    if (from.empty() || to.empty()) refuse("a class to rename has no name", "give the old and the new name");
  }
  if (!r.palette.empty()) palette_ = read_palette_choice(r.palette);
  add_passes();
}

// In the order of the fields.
void PreprocessingWork::add_passes() {
  const auto& r = preprocessing_;
  work_.add_task([this] { sort_classes(); });
  if (!r.key_colour.empty()) {
    const Palette key = parse_palette(r.key_colour, r.key_colour);
    change_each([colour = key.colours.front()](Image& image) { image = with_colour_cleared(image, colour); });
  }
  if (r.background_to_alpha) {
    add_pass([this](std::size_t i) {
      if (const auto colour = suspected_background(collection_.sprites[i].image)) backgrounds_.insert(*colour);
    });
    change_each([this](Image& image) {
      if (const auto colour = suspected_background(image)) image = with_background_cleared(image, *colour);
      const auto colours = distinct_colours(image);  // a cell of nothing but a background that others have
      if (colours.size() == 1 && alpha_kind(image) == AlphaKind::kNone && backgrounds_.contains(colours.front()))
        image = Image(image.width, image.height);
    });
  }
  if (r.hard_alpha) change_each([](Image& image) { image = with_hard_alpha(image); });
  if (r.drop_empty) drop_empty();
  if (r.downscale == kDetectFactor) work_.add_task([this] { find_grids(); });
  if (r.downscale != 1) change_each([this](Image& image) { image = downscaled(image, factor_of(image)); });
  if (r.crop) crop();
  if (r.pad != PixelSize{})
    change_each([this](Image& image) { image = padded_to(image, preprocessing_.pad.width, preprocessing_.pad.height); });
  if (!r.palette.empty()) use_palette();
  if (r.drop_duplicates || r.drop_near_duplicates) drop_equal();
  if (r.drop_near_duplicates) drop_near();
}

void PreprocessingWork::add_pass(std::function<void(std::size_t)> each) {
  work_.add_pass([this] { return collection_.sprites.size(); }, kSpritesAStep, std::move(each));
}

void PreprocessingWork::change_each(std::function<void(Image&)> change) {
  add_pass([this, change = std::move(change)](std::size_t i) {
    DatasetSprite& sprite = collection_.sprites[i];
    if (i == 0) store_ = PixelStore();
    try {
      change(sprite.image);
      store_.keep(sprite.image);
    } catch (const Failure& failure) {
      unwanted_[i] = true;
      Error error = failure.error();
      error.message = "“" + sprite.file + "”: " + error.message;
      collection_.left_out.push_back({sprite.file, std::move(error)});
    }
  });
  work_.add_task([this] { remove_marked(); });
}

void PreprocessingWork::drop_empty() {
  add_pass([this](std::size_t i) { unwanted_[i] = content_rect(collection_.sprites[i].image).width == 0; });
  work_.add_task([this] { remove_marked(); });
}

void PreprocessingWork::crop() {
  work_.add_task([this] { crops_.resize(collection_.sprites.size()); });
  add_pass([this](std::size_t i) { crops_[i] = content_rect(collection_.sprites[i].image); });
  work_.add_task([this] { join_crops(); });
  add_pass([this](std::size_t i) {
    Image& image = collection_.sprites[i].image;
    image = crops_[i].width == 0 ? Image(1, 1) : cut_out(image, crops_[i]);
  });
}

// All frames of an animation are cut alike, or they would stand still. They lie side by side, none twice.
void PreprocessingWork::join_crops() {
  const auto& sprites = collection_.sprites;
  for (std::size_t first = 0, end = 0; first < sprites.size(); first = end) {
    std::set<int> frames;
    Rect all;
    const auto belongs = [&](const DatasetSprite& sprite) {
      const DatasetSprite& begin = sprites[first];
      return sprite.frame >= 0 && !frames.contains(sprite.frame) && sprite.class_name == begin.class_name &&
             sprite.image.width == begin.image.width && sprite.image.height == begin.image.height;
    };
    while (end < sprites.size() && belongs(sprites[end])) {
      frames.insert(sprites[end].frame);
      all = joined(all, crops_[end++]);
    }
    if (end == first)
      ++end;
    else
      std::fill(crops_.begin() + static_cast<std::ptrdiff_t>(first), crops_.begin() + static_cast<std::ptrdiff_t>(end), all);
  }
}

void PreprocessingWork::use_palette() {
  if (palette_.fitted > 0) {
    fitter_.emplace(palette_.fitted);
    add_pass([this](std::size_t i) { fitter_->add(collection_.sprites[i].image); });
    work_.add_pass([] { return std::size_t{PaletteFitter::kMostRounds + 1}; }, 1, [this](std::size_t) { fitter_->refine(); });
    work_.add_task([this] { palette_.palette = fitter_->palette(); });
  }
  change_each([this](Image& image) {
    if (!palette_.palette.colours.empty()) image = map_to_palette(image, palette_.palette);
  });
}

void PreprocessingWork::drop_equal() {
  add_pass([this](std::size_t i) {
    if (collection_.sprites[i].frame < 0) equal_.add(collection_.sprites[i], i);
  });
  work_.add_task([this] { drop_copies(equal_.groups(), "copies"); });
}

void PreprocessingWork::drop_near() {
  work_.add_task([this] {
    auto still = sprites_by_size(collection_.sprites);  // but for animations, whose frames are alike as they should
    for (auto& members : still) std::erase_if(members, [this](std::size_t i) { return collection_.sprites[i].frame >= 0; });
    near_.emplace(collection_.sprites, std::move(still));
  });
  work_.add_pass([this] { return near_->count(); }, kSpritesAStep, [this](std::size_t i) { near_->look_at(i); });
  work_.add_pass([this] { return near_->count(); }, kComparedAStep, [this](std::size_t i) { near_->compare(i); });
  work_.add_task([this] { drop_copies(near_->groups(), "near copies"); });
}

// By the parts and the classes as they were read.
void PreprocessingWork::put_aside(const std::vector<std::string>& classes) {
  const std::vector<std::string>& parts = collection_.splits;
  for (const std::string& name : preprocessing_.hold_out) {
    std::vector<std::string> before;  // of the names of files
    for (const std::string& part : parts) {
      if (is_called(part, name)) before.push_back(part + "/");
    }
    const bool is_class = std::find(classes.begin(), classes.end(), name) != classes.end();
    if (before.empty() && !is_class) {
      std::vector<std::string> known = parts;
      known.insert(known.end(), classes.begin(), classes.end());
      refuse("there is no part and no class “" + name + "” to put aside", name_hint(name, known));
    }
    for (DatasetSprite& sprite : collection_.sprites) {
      const bool lies_there =
          std::any_of(before.begin(), before.end(), [&](const std::string& part) { return sprite.file.starts_with(part); });
      sprite.held_out |= before.empty() ? sprite.class_name == name : lies_there;
    }
  }
  if (!preprocessing_.hold_out.empty())
    collection_.notes.push_back("put aside for measuring, so that nothing is trained on them: " +
                                joined(preprocessing_.hold_out, ", "));
}

void PreprocessingWork::sort_classes() {
  std::set<std::string> classes;
  for (const auto& sprite : collection_.sprites) classes.insert(sprite.class_name);
  const std::vector<std::string> known(classes.begin(), classes.end());
  const auto check = [&](const std::string& name) {
    if (!classes.contains(name)) refuse("there is no class “" + name + "”", name_hint(name, known));
  };
  put_aside(known);
  std::map<std::string, std::string> renames;
  for (const auto& [from, to] : preprocessing_.renames) {
    check(from);
    if (!renames.emplace(from, to).second) refuse("the class “" + from + "” is given two new names", "choose one");
  }
  for (const auto& name : preprocessing_.drop_classes) check(name);
  unwanted_.assign(collection_.sprites.size(), false);
  for (std::size_t i = 0; i < collection_.sprites.size(); ++i) {
    auto& name = collection_.sprites[i].class_name;
    unwanted_[i] = std::find(preprocessing_.drop_classes.begin(), preprocessing_.drop_classes.end(), name) !=
                   preprocessing_.drop_classes.end();
    if (const auto found = renames.find(name); found != renames.end()) name = found->second;
  }
  remove_marked();
  sort_flips(renames);
}

// The set's own and the preprocessing' are one list from here on.
void PreprocessingWork::sort_flips(const std::map<std::string, std::string>& renames) {
  std::set<std::string> classes, flips(preprocessing_.flip_classes.begin(), preprocessing_.flip_classes.end());
  for (const auto& sprite : collection_.sprites) classes.insert(sprite.class_name);
  for (const auto& name : flips) {
    if (name != "*" && !classes.contains(name))
      refuse("there is no class “" + name + "” to mirror", name_hint(name, {classes.begin(), classes.end()}));
  }
  for (const auto& own : collection_.flip_classes) {
    const auto renamed = renames.find(own);
    const std::string& name = renamed == renames.end() ? own : renamed->second;
    if (name == "*" || classes.contains(name)) flips.insert(name);
  }
  collection_.flip_classes.assign(flips.begin(), flips.end());
}

void PreprocessingWork::find_grids() {
  for (const auto& members : sprites_by_size(collection_.sprites)) {
    const Image& one = collection_.sprites[members.front()].image;
    grids_[{one.width, one.height}] = grid_of_sprites(collection_.sprites, members);
  }
}

int PreprocessingWork::factor_of(const Image& image) const {
  const auto grid = grids_.find({image.width, image.height});
  return grid != grids_.end() ? grid->second : preprocessing_.downscale;
}

void PreprocessingWork::drop_copies(const std::vector<std::vector<std::size_t>>& groups, const char* what) {
  std::size_t dropped = 0;
  for (const auto& group : groups) {
    for (std::size_t i = 1; i < group.size(); ++i, ++dropped) unwanted_[group[i]] = true;
  }
  if (dropped > 0) collection_.notes.push_back(std::string("left out as ") + what + " of others: " + std::to_string(dropped));
  remove_marked();
}

void PreprocessingWork::remove_marked() {
  std::size_t kept = 0;
  auto& sprites = collection_.sprites;
  for (std::size_t i = 0; i < sprites.size(); ++i) {
    if (unwanted_[i]) continue;
    if (kept != i) sprites[kept] = std::move(sprites[i]);
    ++kept;
  }
  sprites.resize(kept);
  unwanted_.assign(kept, false);
}

}  // namespace kiln
