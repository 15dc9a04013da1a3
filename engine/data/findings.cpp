#include <algorithm>
#include <iterator>
#include <map>

#include "engine/base/lower_case.h"
#include "engine/base/text.h"
#include "engine/data/report.h"
#include "engine/formats/split_names.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/scale.h"

namespace kiln {
namespace {

constexpr int kFewSprites = 20;   // of a class
constexpr int kManyColours = 64;  // per sprite: not pixel art as it is mostly drawn
constexpr int kFewColours = 32;   // of a palette that is offered instead

// "1 sprite is", "3 of 20 sprites are"
std::string some(int part, int all, const std::string& is, const std::string& are) {
  return std::to_string(part) + (all > part ? " of " + std::to_string(all) : "") + (all == 1 ? " sprite " : " sprites ") +
         (part == 1 ? is : are);
}

bool is_empty(const Image& image) { return content_rect(image).width == 0; }

bool has_size(const Image& image, const SizeCount& size) { return image.width == size.width && image.height == size.height; }

std::string size_text(const SizeCount& size) { return size_text(PixelSize{size.width, size.height}); }

// That all sprites fit into.
PixelSize largest_size(const DatasetReport& report) {
  PixelSize largest;
  for (const auto& size : report.sizes) largest = {std::max(largest.width, size.width), std::max(largest.height, size.height)};
  return largest;
}

Preprocessing fitted_palette() { return {.palette = std::string(kFittedPalette) + std::to_string(kFewColours)}; }

class Findings {
 public:
  Findings(const DatasetReport& report, const SpriteCollection& collection)
      : report_(report), sprites_(collection.sprites), splits_(collection.splits) {}

  std::vector<Finding> all() {
    left_out();
    passed_over();
    splits();
    classes_like_splits();
    empty_pictures();
    upscaled();
    sizes();
    key_colour();
    backgrounds();
    soft_alpha();
    copies();
    class_names();
    few_sprites();
    colours();
    return std::move(found_);
  }

 private:
  // Files by reference: the message beside them may count them.
  void add(FindingKey key, std::string message, std::string advice, std::vector<Preprocessing> fixes = {},
           const std::vector<std::string>& files = {}) {
    found_.push_back({std::move(key), std::move(message), std::move(advice), std::move(fixes), files});
  }
  template <class Wanted>
  std::vector<std::string> files_where(Wanted wanted) const {
    std::vector<std::string> files;
    for (const auto& sprite : sprites_) {
      if (wanted(sprite.image)) files.push_back(sprite.file);
    }
    return files;
  }

  void left_out() {
    for (const auto& bad : report_.left_out)
      add({"left_out", bad.file}, bad.file + " is left out: " + bad.error.message, bad.error.hint, {}, {bad.file});
    if (report_.sprites == 0) add({"nothing", ""}, "there is no sprite to train on", "choose another folder, or fewer fixes");
    if (report_.sprites == 1)
      add({"nothing", ""}, "there is a single sprite", "a model needs at least two; 20 or more of a class work well");
  }

  void passed_over() {
    if (report_.passed_over.empty()) return;
    const auto n = report_.passed_over.size();
    add({"passed_over", ""},
        std::to_string(n) + (n == 1 ? " file is no image that can be read" : " files are no images that can be read"),
        "save sprites as PNG; other files do no harm", {}, report_.passed_over);
  }

  bool has_put_aside() const {
    return std::any_of(sprites_.begin(), sprites_.end(), [](const DatasetSprite& sprite) { return sprite.held_out; });
  }

  // Of these parts, those that are for measuring; none if no other is left to train on.
  static ClassNames for_measuring(const std::vector<std::string>& parts) {
    ClassNames names;
    std::copy_if(parts.begin(), parts.end(), std::back_inserter(names),
                 [](const std::string& part) { return is_for_measuring(part.substr(part.rfind('/') + 1)); });
    return names.size() < parts.size() ? names : ClassNames();
  }

  void splits() {
    if (splits_.empty() || has_put_aside()) return;
    const ClassNames aside = for_measuring(splits_);
    add({"splits", ""}, "the classes are the folders in " + joined(splits_, ", ") + ": a set that was split for training",
        aside.empty() ? "training puts its own part aside; to keep these parts apart, choose the folder of one of them"
                      : "all are trained on, and training puts its own part aside, unless you take the split as it is",
        aside.empty() ? std::vector<Preprocessing>{} : std::vector{Preprocessing{.hold_out = aside}});
  }

  // Folders without class folders, such as train and test full of images, are classes.
  void classes_like_splits() {
    std::vector<std::string> names;
    for (const auto& entry : report_.classes) {
      if (split_name(entry.name) != SplitName::kNone) names.push_back(entry.name);
    }
    if (names.empty()) return;
    const bool one_class = names.size() == 1;
    Preprocessing merged;
    for (const auto& name : names) merged.renames.emplace_back(name, "all");
    std::vector<Preprocessing> fixes = {merged};
    if (Preprocessing split{.hold_out = for_measuring(names)}; !split.hold_out.empty()) {
      if (!has_put_aside()) split.renames = merged.renames;  // else it can be taken back by itself
      fixes.push_back(std::move(split));
    }
    add({"classes_like_splits", ""},
        joined(names, ", ") + (one_class ? " is a class, but called like a part" : " are classes, but called like parts") +
            " of a split set",
        one_class ? "move its sprites into the class folders, unless it is meant as a class"
                  : "merge them if they are one class in parts, and take the split as it is if you like; or sort their sprites "
                    "into a folder per class",
        one_class ? std::vector<Preprocessing>{} : std::move(fixes));
  }

  void empty_pictures() {
    const auto files = files_where(is_empty);
    if (files.empty()) return;
    add({"empty", ""}, some(static_cast<int>(files.size()), report_.sprites, "is fully transparent", "are fully transparent"),
        "leave them out", {{.drop_empty = true}}, files);
  }

  void upscaled() {
    for (const auto& size : report_.sizes) {
      if (size.grid < 2) {
        moved_grid_of(size);
        continue;
      }
      add({"upscaled", size_text(size)},
          (size.count == 1 ? "the sprite of " : "all " + std::to_string(size.count) + " sprites of ") + size_text(size) +
              (size.count == 1 ? " is" : " are") + " drawn in squares of " + size_text(PixelSize{size.grid, size.grid}) + " pixels",
          "reduce them to their true size, " + size_text(PixelSize{size.width / size.grid, size.height / size.grid}),
          {{.downscale = kDetectFactor}}, files_where([&](const Image& image) { return has_size(image, size); }));
    }
  }

  // Enlarged, and then moved or given a rim: no fix here undoes that.
  void moved_grid_of(const SizeCount& size) {
    std::vector<Image> images;
    std::vector<std::string> files;
    for (const auto& sprite : sprites_) {
      if (!has_size(sprite.image, size)) continue;
      images.push_back(sprite.image);
      files.push_back(sprite.file);
    }
    const PixelGrid grid = moved_grid(images);
    if (grid.factor < 2) return;
    add({"moved_grid", size_text(size)},
        "sprites of " + size_text(size) + " look enlarged by " + std::to_string(grid.factor) + ", from pixel " +
            std::to_string(grid.x) + "," + std::to_string(grid.y) + " on",
        "cut the rim away in an image editor, so that the sides are multiples of " + std::to_string(grid.factor) +
            ", then reduce them to their true size",
        {}, files);
  }

  void sizes() {
    if (report_.sizes.size() < 2) return;
    const auto& usual = *std::max_element(report_.sizes.begin(), report_.sizes.end(), [](const SizeCount& a, const SizeCount& b) {
      return std::pair(a.count, a.width * a.height) < std::pair(b.count, b.width * b.height);
    });
    const PixelSize all = largest_size(report_);
    add({"sizes", ""},
        some(report_.sprites - usual.count, report_.sprites, "has", "have") + " another size than " + size_text(usual),
        "all must have one size: pad them to " + size_text(all) +
            (all.width > usual.width || all.height > usual.height ? ", or crop first" : ""),
        {{.pad = all}, {.crop = true}}, files_where([&](const Image& image) { return !has_size(image, usual); }));
  }

  // Sprites where more than a twentieth is pure magenta, which no one paints with: it stands for transparency.
  void key_colour() {
    const Rgb8 magenta{255, 0, 255};
    const auto files = files_where([&](const Image& image) {
      const Image cleared = with_colour_cleared(image, magenta);
      std::size_t pixels = 0;
      for (std::size_t i = 3; i < image.rgba.size(); i += 4) pixels += image.rgba[i] != cleared.rgba[i];
      return pixels * 80 > image.rgba.size();
    });
    if (files.empty()) return;
    add({"key_colour", ""},
        some(static_cast<int>(files.size()), report_.sprites, "is", "are") +
            " partly pure magenta, which often stands for transparency",
        "make it transparent", {{.key_colour = "#ff00ff"}}, files);
  }

  void backgrounds() {
    if (report_.backgrounds.empty()) return;
    std::vector<std::string> files;
    for (const auto& suspect : report_.backgrounds) files.push_back(suspect.file);
    add({"background", ""},
        some(static_cast<int>(files.size()), report_.sprites, "seems to stand", "seem to stand") + " on a background colour",
        "make it transparent, unless it belongs to the picture", {{.background_to_alpha = true}}, files);
  }

  void soft_alpha() {
    if (report_.alpha_soft == 0) return;
    add({"soft_alpha", ""}, some(report_.alpha_soft, report_.sprites, "has", "have") + " half-transparent pixels",
        "make each pixel opaque or transparent, unless shadows are meant to be soft", {{.hard_alpha = true}},
        files_where([](const Image& image) { return alpha_kind(image) == AlphaKind::kSoft; }));
  }

  static std::vector<std::string> all_but_the_first(const std::vector<std::vector<std::string>>& groups) {
    std::vector<std::string> files;
    for (const auto& group : groups) files.insert(files.end(), group.begin() + 1, group.end());
    return files;
  }

  void copies() {
    std::map<std::string, std::string> class_of;
    for (const auto& sprite : sprites_) class_of[sprite.file] = sprite.class_name;
    for (const auto& group : report_.equal) {
      const auto other =
          std::find_if(group.begin(), group.end(), [&](const auto& file) { return class_of[file] != class_of[group.front()]; });
      if (other != group.end())
        add({"two_classes", group.front()}, group.front() + " and " + *other + " are the same picture in two classes",
            "keep it in one of them", {}, {group.front(), *other});
    }
    if (const auto files = all_but_the_first(report_.equal); !files.empty()) {
      add({"duplicates", ""}, some(static_cast<int>(files.size()), report_.sprites, "is a copy", "are copies") + " of another",
          "use each picture once", {{.drop_duplicates = true}}, files);
    }
    if (const auto files = all_but_the_first(report_.near); !files.empty()) {
      add({"near_duplicates", ""},
          some(static_cast<int>(files.size()), report_.sprites, "is a near copy, a recolouring or a mirror image",
               "are near copies, recolourings or mirror images") +
              " of another",
          "keep them if they are wanted as variants; training puts them aside together", {{.drop_near_duplicates = true}}, files);
    }
  }

  void class_names() {
    std::map<std::string, std::string> seen;
    for (const auto& entry : report_.classes) {
      const auto [known, is_new] = seen.emplace(lower_case(entry.name), entry.name);
      if (!is_new)
        add({"alike_classes", entry.name}, "“" + known->second + "” and “" + entry.name + "” are two classes",
            "merge them if they are meant to be one", {{.renames = {{entry.name, known->second}}}});
      if (!is_valid_utf8(entry.name))
        add({"class_name", entry.name}, "the name of a class is not UTF-8 text", "rename its folder with plain letters");
      else if (entry.name.find_first_of(",=") != std::string::npos)
        add({"class_name", entry.name}, "the name of the class “" + entry.name + "” has a comma or an equals sign",
            "rename its folder: the command line cannot name it");
    }
  }

  void few_sprites() {
    std::vector<std::string> names;
    for (const auto& entry : report_.classes) {
      if (entry.count < kFewSprites) names.push_back(entry.name + " (" + std::to_string(entry.count) + ")");
    }
    if (!names.empty())
      add({"few_sprites", ""}, "classes with fewer than " + std::to_string(kFewSprites) + " sprites: " + joined(names, ", "),
          "add some, merge classes that look alike, or fine-tune a model on them");
  }

  void colours() {
    if (report_.most_colours <= kManyColours) return;
    add({"colours", ""}, "some sprites have up to " + std::to_string(report_.most_colours) + " colours",
        "bring all to one palette if they are meant as pixel art", {fitted_palette()});
  }

  const DatasetReport& report_;
  const std::vector<DatasetSprite>& sprites_;
  const std::vector<std::string>& splits_;
  std::vector<Finding> found_;
};

}  // namespace

std::vector<Finding> findings_of(const DatasetReport& report, const SpriteCollection& collection) {
  return Findings(report, collection).all();
}

std::vector<Preprocessing> offers_of(const DatasetReport& report) {
  const PixelSize largest = largest_size(report);
  const int side = std::max(largest.width, largest.height);
  std::vector<Preprocessing> offers = {{.hard_alpha = true}, {.crop = true}, fitted_palette()};
  if (side > 0) offers.push_back({.pad = {side, side}});
  return offers;
}

}  // namespace kiln
