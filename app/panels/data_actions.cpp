#include "app/panels/data_actions.h"

#include <algorithm>
#include <utility>

#include "app/panels/actions.h"
#include "app/panels/gallery_actions.h"
#include "app/panels/lab_actions.h"
#include "app/panels/steer_actions.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

// Where a set that the program makes goes.
std::string folder_for(const Studio& studio, const std::string& name) {
  return (sets_folder(studio.settings.data) / name).string();
}

void show_all(DataView& view) {
  view.class_name.clear();
  view.finding.reset();
  view.sheet_open = false;
}

void tell(Studio& studio, std::string message, std::string hint) {
  studio.mirror.notices.add(NoticeKind::kInfo, std::move(message), std::move(hint));
}

// Several images: those of the first one's folder.
void open_files(Studio& studio, const std::vector<fs::path>& images) {
  if (studio.mirror.engine() == EngineState::kFailed) return;
  SpriteSource source;
  source.path = images.front().parent_path().string();
  for (const fs::path& image : images) {
    if (image.parent_path() == source.path) source.files.push_back(image.filename().string());
  }
  if (studio.settings.data.sheets) source.grid = studio.settings.data.grid;
  studio.settings.data.path = source.path;
  show_all(studio.view.data);
  studio.mirror.dataset.open(source);
}

}  // namespace

std::string why_not_work(const Mirror& mirror) {
  return mirror.engine() == EngineState::kFailed ? "The engine could not be started" : "";
}

void open_typed_path(Studio& studio) {
  if (studio.mirror.engine() == EngineState::kFailed) return;
  DataSettings& settings = studio.settings.data;
  const fs::path path = typed_path(settings.path);
  switch (kind_of(path)) {
    case PathKind::kNothing:
      tell(studio, "there is no “" + path.string() + "”", "check the path, or browse for it");
      return;
    case PathKind::kModel:
      studio.view.tab = Tab::kGenerate;
      choose_model(studio, path.string());
      return;
    case PathKind::kOther:
      tell(studio, "“" + path.filename().string() + "” holds no sprites",
           "choose a folder, an image, an Aseprite file or its JSON, or a .npy or .npz array");
      return;
    case PathKind::kImage:
      studio.mirror.dataset.show_sheet(make_source(settings));
      show_all(studio.view.data);
      studio.view.data.sheet_open = true;
      return;
    case PathKind::kFolder:
    case PathKind::kAseprite:
    case PathKind::kArray:
      break;
  }
  show_all(studio.view.data);
  if (settings.sheets && kind_of(path) == PathKind::kFolder) {
    studio.mirror.dataset.show_sheet(make_source(settings));
    studio.view.data.sheet_open = true;
    return;
  }
  studio.mirror.dataset.open(make_source(settings));
}

void open_sprites(Studio& studio, const fs::path& path) {
  DataSettings& settings = studio.settings.data;
  settings.path = path.string();
  settings.sheets = false;
  settings.labels.clear();
  settings.names.clear();
  open_typed_path(studio);
}

void open_dropped(Studio& studio, const std::vector<std::string>& paths) {
  std::vector<fs::path> images;
  for (const std::string& path : paths) {
    if (kind_of(path) == PathKind::kImage) images.emplace_back(path);
  }
  const fs::path first = typed_path(paths.front());
  if (kind_of(first) == PathKind::kModel) {
    studio.view.tab = Tab::kGenerate;
    choose_model(studio, first.string());
    return;
  }
  if (studio.view.tab == Tab::kLab && paths.size() == 1 && images.size() == 1) return look_at_file(studio, first.string());
  const bool alone = studio.view.tab != Tab::kData && studio.view.tab != Tab::kTrain && paths.size() == 1;
  if (alone && first.extension() == ".png") return use_settings_of(studio, first.string());  // or, where there are none, as below
  if (alone && images.size() == 1 && studio.view.tab == Tab::kGenerate) return start_from_file(studio, first.string());
  studio.view.tab = Tab::kData;
  if (images.size() > 1) {
    open_files(studio, images);
  } else {
    open_sprites(studio, first);
  }
}

void cut_sheet(Studio& studio) {
  studio.view.data.sheet_open = false;
  studio.mirror.dataset.open(make_source(studio.settings.data));
}

void draw_starter_set(Studio& studio) {
  const DataSettings& settings = studio.settings.data;
  std::string name = settings.starter_size == 16 ? "starter" : "starter-" + std::to_string(settings.starter_size);
  if (settings.starter_animated) name += "-animated";
  if (settings.starter_seed != 0) name += "-" + std::to_string(settings.starter_seed);
  show_all(studio.view.data);
  studio.settings.data.path = folder_for(studio, name);
  studio.mirror.dataset.draw_starter(studio.settings.data.path, settings.starter_size, settings.starter_count,
                                     static_cast<std::uint64_t>(settings.starter_seed), settings.starter_animated);
}

void fetch_dungeon_set(Studio& studio) {
  show_all(studio.view.data);
  studio.settings.data.path = folder_for(studio, "dungeon32");
  studio.mirror.dataset.fetch_dungeon(studio.settings.data.path);
}

}  // namespace kiln
