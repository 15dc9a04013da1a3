#include "app/panels/steer_actions.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "app/panels/actions.h"
#include "app/panels/data_actions.h"
#include "app/state/input_images.h"
#include "app/state/newest.h"
#include "engine/api/recipe_json.h"
#include "engine/api/strengths.h"
#include "engine/formats/image_file.h"
#include "engine/pixelart/fit.h"

namespace kiln {
namespace {

constexpr double kLeastOfSeveral = 0.15;  // strength
constexpr double kLook_s = 0.03;          // between two looks whether a file is done

// Reading and writing, beside the window.
template <class Work>
void begin(View& view, const Work& work) {
  begin_newest(view.steer.coming, [work]() -> StartImage {
    try {
      return work();
    } catch (const Failure& failure) {
      StartImage failed;
      failed.problem = failure.error();
      return failed;
    }
  });
}

// Of the sprites of the model that is open; 0: none is.
struct SpriteSize {
  int width = 0, height = 0;
};

SpriteSize sprite_size(const Studio& studio) {
  const auto& model = studio.mirror.model();
  return model ? SpriteSize{model->width, model->height} : SpriteSize();
}

// As sprites of this size see it.
void fit_to_sprites(StartImage& start, SpriteSize size) {
  if (size.width == 0) return;
  const SpriteFit fit = fit_to_sprite(start.image, size.width, size.height);
  start.image = fitted(start.image, fit);
  start.fit = fit_text(fit);
  start.reduced = fit.reduces();
}

bool reading(const View& view) { return view.steer.coming.valid(); }

void generate_anew(Studio& studio, const SampleRequest& request) {
  if (studio.mirror.derive(request)) show_new_batch(studio.view);
}

}  // namespace

void start_from_sprite(Studio& studio) {
  if (!why_not_start_from(studio).empty()) return;
  const GeneratedBatch& batch = studio.mirror.batch();
  start_from_image(studio, batch.image(studio.view.chosen), "seed " + std::to_string(batch.seed(studio.view.chosen)));
}

void start_from_image(Studio& studio, const Image& image, const std::string& name) {
  if (reading(studio.view)) return;
  begin(studio.view, [image, name, size = sprite_size(studio)] {
    StartImage start{.image = image, .name = name};
    fit_to_sprites(start, size);
    start.file = keep_input_image(start.image);
    return start;
  });
}

void start_from_file(Studio& studio, const std::string& path) {
  if (reading(studio.view)) return;
  begin(studio.view, [path, size = sprite_size(studio)] {
    StartImage start{.image = read_image(path), .name = std::filesystem::path(path).filename().string()};
    fit_to_sprites(start, size);
    if (start.reduced) start.sheet = path;
    start.file = keep_input_image(start.image);
    return start;
  });
}

void open_start_as_sheet(Studio& studio) {
  const auto& start = studio.view.steer.start;
  if (!start || start->sheet.empty()) return;
  const std::string path = start->sheet;
  remove_start_image(studio.view);
  studio.view.tab = Tab::kData;
  open_sprites(studio, path);
}

std::string why_not_start_from(const GalleryItem& item) {
  if (item.width == 0) return "This picture cannot be read";
  return item.sprites > 1 ? "This picture holds several sprites" : "";
}

void start_from_kept(Studio& studio, const GalleryItem& item) {
  if (reading(studio.view) || !why_not_start_from(item).empty()) return;
  studio.view.tab = Tab::kGenerate;
  const std::string path = studio.view.gallery.shown->folder + "/" + item.file, recipe = item.recipe, name = item.file;
  const SpriteSize size = sprite_size(studio);
  begin(studio.view, [path, recipe, name, size] {
    StartImage start{.image = read_image(path), .name = name};
    const int scale = recipe.empty() ? 1 : parse_recipe_text(recipe, name).scale;
    if (scale > 1) start.image = fitted_to_sprite(start.image, name, start.image.width / scale, start.image.height / scale);
    fit_to_sprites(start, size);
    start.file = keep_input_image(start.image);
    return start;
  });
}

void start_from_recipe(Studio& studio, const SettingsFound& found) {
  SteerView& steer = studio.view.steer;
  remove_start_image(studio.view);
  const SampleSettings& from = found.picture.sprites.front().settings;
  if (found.init_image.empty() || !from.mask.path.empty()) return;
  StartImage start{.image = found.init_image, .name = "that of " + found.file, .file = from.init_image};
  const auto& model = studio.mirror.model();
  if (model && model->path == found.model) fit_to_sprites(start, sprite_size(studio));  // its file stays the one of the recipe
  steer.start = std::move(start);
  ++steer.start_version;
}

void remove_start_image(View& view) {
  view.steer.start.reset();
  if (!view.steer.repair.asked) view.steer.coming = {};
}

void add_start_image(const Studio& studio, SampleRequest& request) {
  const auto& start = studio.view.steer.start;
  if (!start) return;
  request.settings.init_image = start->file;
  request.settings.init_params = {{"strength", studio.settings.generate.init_params.at("strength")}};
}

bool make_batch(Studio& studio, SampleRequest request) {
  const auto& start = studio.view.steer.start;
  add_start_image(studio, request);
  const ModelInfo& model = *studio.mirror.model();
  if (!start || !studio.settings.generate.several_strengths) return studio.mirror.generate(request);
  const double most = std::get<double>(request.settings.init_params.at("strength"));
  std::vector<PlacedRequest> each;
  for (SampleRequest& one : spread_strengths(request, std::min(kLeastOfSeveral, most), most, model.classes)) {
    const int place = static_cast<int>(each.size());
    request.conditions.resize(each.size());
    request.conditions.insert(request.conditions.end(), one.conditions.begin(), one.conditions.end());
    each.push_back({std::move(one), {place}});
  }
  const SpriteFit fit = fit_to_sprite(start->image, model.width, model.height);  // another model may be open by now
  const std::vector<Image> first(each.size(), fitted(start->image, fit));
  return studio.mirror.branch(request, std::move(each), first);
}

std::string why_not_start_from(const Studio& studio) {
  const Mirror& mirror = studio.mirror;
  if (mirror.busy()) return "Sprites are being made";
  if (mirror.batch().sprites.empty()) return "There is no sprite yet";
  if (!mirror.model() || !mirror.opening().empty()) return "Choose a model first";
  return reading(studio.view) ? "An image is being written" : "";
}

std::string why_not_sprite(const Studio& studio) {
  if (std::string why_not = why_not_start_from(studio); !why_not.empty()) return why_not;
  const GeneratedBatch& batch = studio.mirror.batch();
  const ModelInfo& model = *studio.mirror.model();
  return batch.width == model.width && batch.height == model.height ? "" : "Sprites of this model have another size";
}

std::string why_not_vary(const Studio& studio) {
  if (std::string why = why_not_sprite(studio); !why.empty()) return why;
  const GeneratedBatch& batch = studio.mirror.batch();
  const auto index = static_cast<std::size_t>(studio.view.chosen);
  if (index >= batch.sprites.size() || index >= batch.origins.size()) return "The sprite is still being made";
  if (batch.origins[index].model_path != studio.mirror.model()->path) return "It was made by another model";
  const auto& values = batch.sprites[index].recipe.settings.shared_params;
  const auto variation = values.find("variation");
  if (variation != values.end() && std::get<double>(variation->second) > 0)
    return "It is a variation itself: start from it, or vary the one that it came from";
  return "";
}

void make_more_like_chosen(Studio& studio) {
  if (!why_not_vary(studio).empty()) return;
  const GeneratedBatch& batch = studio.mirror.batch();
  const int index = studio.view.chosen;
  SampleRequest request;
  request.model_path = studio.mirror.model()->path;
  request.settings = batch.sprites[static_cast<std::size_t>(index)].recipe.settings;
  request.conditions = {batch.condition(index)};
  ParamMap& values = request.settings.shared_params;
  values["variation_of"] = whole_number(batch.seed(index));
  values["variation"] = studio.settings.generate.variation;
  values["seed"] = random_seed();
  values["count"] = get_int(studio.settings.generate.shared_params, "count");
  generate_anew(studio, request);
}

void open_repair(Studio& studio) {
  Repair& repair = studio.view.steer.repair;
  const GeneratedBatch& batch = studio.mirror.batch();
  repair.on = true;
  if (repair.mask.width() != batch.width || repair.mask.height() != batch.height)
    repair.mask = PixelMask(batch.width, batch.height);
}

void run_repair(Studio& studio) {
  Repair& repair = studio.view.steer.repair;
  if (repair.mask.count() == 0 || !why_not_sprite(studio).empty()) return;
  const GeneratedBatch& batch = studio.mirror.batch();
  const GenerateSettings& settings = studio.settings.generate;
  SampleRequest request = make_request(settings, studio.mirror.catalog(), *studio.mirror.model());
  if (batch.origins[static_cast<std::size_t>(studio.view.chosen)].model_path == request.model_path)
    request.conditions = {batch.condition(studio.view.chosen)};
  request.settings.init_params = settings.repair_params;
  ParamMap& values = request.settings.shared_params;
  values["count"] = std::int64_t{kSuggestions};
  values["seed"] = random_seed();
  values["variation"] = 0.0;
  values["symmetry"] = "off";
  repair.asked = std::move(request);
  const Image image = batch.image(studio.view.chosen), mask = repair.mask.image();
  begin(studio.view,
        [image, mask] { return StartImage{.image = image, .file = keep_input_image(image), .mask = keep_input_image(mask)}; });
}

void follow_steering(Studio& studio) {
  View& view = studio.view;
  if (!reading(view)) return;
  if (view.steer.coming.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    const double due = view.now_s + kLook_s;
    view.wake_s = view.wake_s < 0 ? due : std::min(view.wake_s, due);
    return;
  }
  StartImage came = view.steer.coming.get();
  auto asked = std::exchange(view.steer.repair.asked, {});
  if (came.problem) {
    studio.mirror.notices.add(*came.problem);
  } else if (asked) {
    asked->settings.init_image = came.file;
    asked->settings.mask = came.mask;
    generate_anew(studio, *asked);
  } else {
    if (came.reduced)
      studio.mirror.notices.add(NoticeKind::kInfo, "“" + came.name + "”: " + came.fit,
                                came.sheet.empty() ? "sprites start from it as it is now"
                                                   : "if it is a sheet of sprites, “Cut as a sheet” below its name opens it so");
    view.steer.start = std::move(came);
    ++view.steer.start_version;
  }
}

}  // namespace kiln
