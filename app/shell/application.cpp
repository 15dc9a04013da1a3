#include "app/shell/application.h"

#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "app/panels/actions.h"
#include "app/panels/animate_actions.h"
#include "app/panels/close_dialog.h"
#include "app/panels/data_actions.h"
#include "app/panels/data_tab.h"
#include "app/panels/exchange_actions.h"
#include "app/panels/gallery_actions.h"
#include "app/panels/gallery_edit.h"
#include "app/panels/gallery_tab.h"
#include "app/panels/generate_tab.h"
#include "app/panels/grid_actions.h"
#include "app/panels/header.h"
#include "app/panels/lab_tab.h"
#include "app/panels/live.h"
#include "app/panels/shortcuts.h"
#include "app/panels/shortcuts_dialog.h"
#include "app/panels/steer_actions.h"
#include "app/panels/train_actions.h"
#include "app/panels/train_tab.h"
#include "app/state/drag_file.h"
#include "app/state/input_cleaning.h"
#include "app/state/last_batch.h"
#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

constexpr double kShortestFrame_s = 0.015;
// What the engine sends is drawn at half that rate: with software GL, drawing takes its time from the engine.
constexpr double kShortestEngineFrame_s = 0.033;
constexpr double kSaveAfter_s = 1;
constexpr auto kDragsKept = std::chrono::hours(24 * 30);  // another program may read a dragged file later
constexpr double kPoll_s = 0.01;
constexpr float kHeaderHeight = 40;
constexpr struct { float width, height; } kLeastRoom = {1000, 600};  // design pixels
// ImGui shows some things (hover, layout, tooltips) a frame or two after what caused them.
constexpr int kFramesAfterInput = 3;

std::filesystem::path settings_file() { return home_folder() / "settings.json"; }
std::filesystem::path last_batch_file() { return home_folder() / "last-batch.cbor"; }

Brightness brightness_of(const std::string& theme) { return theme == "light" ? Brightness::kLight : Brightness::kDark; }

Size start_size(const WindowOptions& options, const Settings& settings) {
  return options.size.value_or(Size{settings.window_width, settings.window_height});
}

}  // namespace

Application::Application(const WindowOptions& options, const EngineOpener& open)
    : loaded_(load_settings(settings_file())),
      settings_(loaded_.settings),
      saved_(settings_),
      last_batch_(settings_.begin_with_batch ? std::async(std::launch::async, load_last_batch, last_batch_file())
                                             : std::future<std::optional<GeneratedBatch>>()),
      window_("Spritekiln", start_size(options, settings_), options.position ? &*options.position : nullptr),
      imgui_(window_),
      gallery_(gallery_folder(settings_), Window::wake),
      engine_(open) {
  ui_.theme = make_theme(wanted_scale(), brightness_of(settings_.theme));
  if (loaded_.problem) {
    log_warn(loaded_.problem->message + ": " + loaded_.problem->detail);
    mirror_.notices.add(NoticeKind::kInfo, loaded_.problem->message, loaded_.problem->hint);
  }
  drop_unsound_keys(studio_);
  if (!options.model.empty()) {
    list_models_again(view_);
    choose_model(studio_, options.model);
  } else {
    open_first_model(studio_);
  }
}

double Application::now_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double Application::sleep_s() const {
  double until = -1;
  const auto by = [&](double due) {
    if (due >= 0) until = until < 0 ? due : std::min(until, due);
  };
  if (frames_due_ > 0) by(next_frame_s_);
  by(map_due_s_);
  by(save_due_s_);
  by(ui_.tooltips.due_s());
  by(view_.wake_s);
  by(mirror_.training.follow_due_s());
  if (last_batch_.valid()) by(now_s() + kPoll_s);
  return until < 0 ? -1 : std::max(0.0, until - now_s());
}

void Application::run() {
  while (!closes()) {
    window_.wait(sleep_s());
    const EngineLink::News news = engine_.receive(mirror_);
    take_last_batch();
    mirror_.training.follow(now_s());
    engine_.send(mirror_);
    if (news == EngineLink::News::kEvents) {
      frames_due_ = std::max(frames_due_, 2);
      ++view_.disk_changes;
    } else if (news == EngineLink::News::kPictures && frames_due_ == 0) {
      frames_due_ = 1;
      next_frame_s_ = std::max(next_frame_s_, last_frame_s_ + kShortestEngineFrame_s);
    }
    if (follow_exchange(studio_)) frames_due_ = std::max(frames_due_, 2);
    if (follow_gallery(studio_)) frames_due_ = std::max(frames_due_, 2);
    if (window_.take_focus()) ++view_.disk_changes;
    if (window_.take_input()) {
      frames_due_ = whole_frames_due_ = kFramesAfterInput;
      next_frame_s_ = last_frame_s_ + kShortestFrame_s;
    }
    if (!fitted_ && mirror_.engine() == EngineState::kReady) {
      fit_to(settings_.generate, mirror_.catalog());
      fit_to(settings_.train, mirror_.catalog());
      fitted_ = true;
    }
    if (const double due = ui_.tooltips.due_s(); due >= 0 && now_s() >= due) frames_due_ = std::max(frames_due_, 2);
    if (view_.wake_s >= 0 && now_s() >= view_.wake_s) frames_due_ = std::max(frames_due_, 1);
    if (frames_due_ > 0 && now_s() >= next_frame_s_) draw();
    keep_settings();
    tell_of_save();
    keep_batch();
    if (map_due_s_ >= 0 && now_s() >= map_due_s_) map_due_s_ = ui_.map.write(now_s());
  }
  window_.hide();
  if (settings_ != saved_) save();
}

bool Application::closes() {
  if (!window_.should_close()) return false;
  // Asked once more while the run is being saved, it closes at once: the engine saves it then.
  if (!mirror_.training.active() || view_.closing == Closing::kWaiting) return true;
  view_.closing = Closing::kAsked;
  window_.stay_open();
  frames_due_ = whole_frames_due_ = kFramesAfterInput;
  return false;
}

// As large as asked for, unless the window has no room for that. Then in steps: each loads the fonts anew.
float Application::wanted_scale() const {
  constexpr float kSteps = 20;
  const Size size = window_.size();
  const float screen = window_.content_scale();
  const float room =
      std::min(static_cast<float>(size.width) / kLeastRoom.width, static_cast<float>(size.height) / kLeastRoom.height);
  const float most = std::max(std::floor(room * kSteps) / kSteps, static_cast<float>(kScales[0]) / 100 * screen);
  return std::min(screen * static_cast<float>(settings_.scale_percent) / 100, most);
}

void Application::follow_scale() {
  const float scale = wanted_scale();
  const Brightness brightness = brightness_of(settings_.theme);
  if (scale == ui_.theme.scale && brightness == ui_.theme.brightness) return;
  ui_.theme = make_theme(scale, brightness);
  imgui_.fonts_changed();
  frames_due_ = whole_frames_due_ = kFramesAfterInput;
}

void Application::take_dropped() {
  if (const auto paths = window_.take_dropped(); !paths.empty()) open_dropped(studio_, paths);
}

std::vector<PanelBackground> Application::draw_panels() {
  const Size size = window_.size();
  const auto width = static_cast<float>(size.width), height = static_cast<float>(size.height);
  const float header_height = ui_.px(kHeaderHeight);
  const Area header{0, 0, width, header_height};
  const Area below{0, header_height, width, height - header_height};
  draw_header(studio_, header);
  std::vector<PanelBackground> backgrounds;
  switch (view_.tab) {
    case Tab::kGenerate:
      backgrounds = draw_generate_tab(studio_, below);
      break;
    case Tab::kGallery:
      backgrounds = draw_gallery_tab(studio_, below);
      break;
    case Tab::kData:
      backgrounds = draw_data_tab(studio_, below);
      break;
    case Tab::kTrain:
      backgrounds = draw_train_tab(studio_, below);
      break;
    case Tab::kLab:
      backgrounds = draw_lab_tab(studio_, below);
      break;
  }
  draw_shortcuts_dialog(studio_);
  if (draw_close_dialog(studio_)) window_.close();
  backgrounds.push_back({"header", header, colour::header()});
  return backgrounds;
}

void Application::draw() {
  const double start = now_s();
  last_frame_s_ = start;
  next_frame_s_ = start + kShortestFrame_s;
  --frames_due_;
  follow_scale();
  take_dropped();
  ui_.map.begin_frame();
  ui_.sprites.begin_frame(ui_.theme.brightness == Brightness::kLight);
  ui_.tooltips.begin_frame(start);
  follow_fade(studio_);
  ui_.sprites.update(mirror_, view_.grid.timeline);
  view_.now_s = start;
  view_.wake_s = -1;
  follow_training(studio_);
  follow_generating(studio_);
  follow_queue(studio_);
  if (mirror_.model()) {
    follow_model(settings_.generate, *mirror_.model());
    follow_model(settings_.lab, *mirror_.model());
  }
  follow_greeting(studio_);
  follow_branch(studio_);
  follow_steering(studio_);
  follow_animation(studio_);
  follow_kept_edit(studio_);
  watch_gallery(studio_);
  imgui_.begin_frame();
  take_keys(studio_);
  if (std::exchange(view_.quit_asked, false)) window_.close();
  const std::vector<PanelBackground> backgrounds = draw_panels();
  follow_live(studio_);
  follow_drag(studio_);
  imgui_.end_frame();
  engine_.send(mirror_);
  painter_.paint(window_, imgui_, backgrounds, whole_frames_due_ > 0);
  if (whole_frames_due_ > 0) --whole_frames_due_;
  window_.swap();
  engine_.begin();
  if (frames_ == 0) {
    gallery_.look();
    cleaning_ = std::async(std::launch::async, [home = home_folder(), gallery = std::filesystem::path(gallery_folder(settings_))] {
      clean_old_input_images(home, gallery);
      clean_drag_files(home, std::filesystem::file_time_type::clock::now() - kDragsKept);
    });
  }
  // A held button repeats, and a dragged slider follows the pointer.
  if (ImGui::IsAnyMouseDown()) frames_due_ = whole_frames_due_ = std::max(frames_due_, 1);
  if (imgui_.has_input_left()) frames_due_ = whole_frames_due_ = kFramesAfterInput;
  const double end = now_s();
  frame_times_.add(end, (end - start) * 1000);
  ++frames_;
  ui_.map.end_frame(mirror_, frame_times_.stats(), frames_);
  if (ui_.map.on()) map_due_s_ = std::max(map_due_s_, 0.0);
}

void Application::keep_settings() {
  const Size size = window_.size();
  settings_.window_width = size.width;
  settings_.window_height = size.height;
  if (settings_ == saved_) {
    save_due_s_ = -1;
  } else if (save_due_s_ < 0) {
    save_due_s_ = now_s() + kSaveAfter_s;
  } else if (now_s() >= save_due_s_) {
    save();
  }
}

void Application::save() {
  save_due_s_ = -1;
  saved_ = settings_;
  writer_.put([settings = settings_] { save_settings(settings_file(), settings); });
}

void Application::tell_of_save() {
  const auto problem = writer_.take_problem();
  if (!problem) return;
  mirror_.notices.add(NoticeKind::kError, "the settings could not be saved: " + problem->message, problem->hint);
  frames_due_ = std::max(frames_due_, 2);
}

void Application::take_last_batch() {
  if (!last_batch_.valid() || last_batch_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
  std::optional<GeneratedBatch> batch = last_batch_.get();
  view_.grid.greets = !batch;
  if (batch) mirror_.restore(std::move(*batch));
  batch_kept_ = mirror_.batch().version;
  frames_due_ = std::max(frames_due_, 2);
}

// The log tells if that fails: the artist has lost nothing yet.
void Application::keep_batch() {
  const GeneratedBatch& batch = mirror_.batch();
  if (!settings_.begin_with_batch || batch.version == batch_kept_ || (mirror_.busy() && !mirror_.holding())) return;
  batch_kept_ = batch.version;
  if (!batch.sprites.empty() && !batch.passing)
    batch_writer_.put([batch] { write_file(last_batch_file(), last_batch_bytes(batch)); });
}

int run_window(const WindowOptions& options, const EngineOpener& open) {
  Application application(options, open);
  application.run();
  return 0;
}

}  // namespace kiln
