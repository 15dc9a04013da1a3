#include <numeric>
#include <utility>

#include "app/state/mirror.h"
#include "app/state/timeline.h"

namespace kiln {

AnyExport Mirror::to_export(const std::string& path, const ParamMap& options, std::vector<int> places,
                            const std::vector<int>& cells, bool replace) const {
  if (places.empty()) {
    places.resize(static_cast<std::size_t>(batch_.count()));
    std::iota(places.begin(), places.end(), 0);
  }
  if (is_animation(path)) {
    const auto whole = [&](const char* id) { return static_cast<int>(get_int(options, id)); };
    ExportAnimation animation;
    animation.path = path;
    animation.frames = fade_frames(batch_, places);
    animation.columns = whole("columns");
    animation.padding = whole("padding");
    animation.scale = whole("scale");
    animation.replace = replace;
    return animation;
  }
  ExportSprites what{{}, path, {}, options, {}, replace, cells};
  for (const int place : places) {
    const auto at = static_cast<std::size_t>(place);
    Image image = batch_.image(place);
    if (at < batch_.sprites.size() && batch_.sprites[at].image == image) {
      what.sprites.push_back(batch_.sprites[at]);
    } else {  // still being made
      what.sprites.push_back({std::move(image), {}});
      what.sprites.back().recipe.condition = batch_.condition(place);
      what.sprites.back().recipe.settings.shared_params["seed"] = whole_number(batch_.seed(place));
    }
  }
  if (model_ && model_->name == batch_.model) what.palette = model_->palette.colours;
  return what;
}

void Mirror::export_sheet(const std::string& path, const ParamMap& options, bool replace, const std::vector<int>& places,
                          const std::vector<int>& cells) {
  if (engine_ != EngineState::kReady || !batch_.has_pixels()) return;
  notices.clear_all_but_errors();
  exporting.start(to_export(path, options, places, cells, replace));
}

void Mirror::export_png(const std::string& path, int index, const ParamMap& options, bool replace) {
  if (engine_ != EngineState::kReady || !batch_.has_pixels() || index < 0 || index >= batch_.count()) return;
  notices.clear_all_but_errors();
  exporting.start(to_export(path, options, {index}, {}, replace));
}

void Mirror::preview_export(const std::string& path, const ParamMap& options, const std::vector<int>& places,
                            const std::vector<int>& cells) {
  if (engine_ != EngineState::kReady || !batch_.has_pixels()) return;
  exporting.preview(to_export(path, options, places, cells, false));
}

}  // namespace kiln
