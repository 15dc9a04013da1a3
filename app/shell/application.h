#pragma once

#include <filesystem>
#include <future>
#include <optional>

#include "app/panels/view.h"
#include "app/shell/engine_link.h"
#include "app/shell/file_writer.h"
#include "app/shell/imgui_context.h"
#include "app/shell/painter.h"
#include "app/shell/window.h"

namespace kiln {

// The window's loop: sleep, take what came, draw if something changed, remember the settings.
class Application {
 public:
  Application(const WindowOptions& options, const EngineOpener& open);
  void run();

 private:
  double now_s() const;
  double sleep_s() const;
  float wanted_scale() const;
  void follow_scale();
  void take_dropped();
  bool closes();  // the window was asked to, and no run keeps it
  void draw();
  std::vector<PanelBackground> draw_panels();
  void keep_settings();
  void save();
  void tell_of_save();  // if it failed
  void take_last_batch();
  void keep_batch();

  LoadedSettings loaded_;
  Settings settings_;
  Settings saved_;
  std::future<std::optional<GeneratedBatch>> last_batch_;  // of the start before, being read
  std::future<void> cleaning_;                             // of images that nothing refers to any more
  Window window_;
  ImageExchange exchange_{window_.system(), Window::wake};
  FileWriter writer_, batch_writer_;
  ImGuiContextOwner imgui_;
  Ui ui_;
  Mirror mirror_;
  View view_;
  GalleryService gallery_;
  Studio studio_{ui_, mirror_, settings_, view_, gallery_, exchange_};
  Painter painter_;
  FrameTimes frame_times_;
  std::uint64_t frames_ = 0;
  int frames_due_ = 3;
  int whole_frames_due_ = 3;  // that must be drawn all over
  double last_frame_s_ = -1;
  double next_frame_s_ = 0;  // not before
  double map_due_s_ = -1;    // below 0: not
  double save_due_s_ = -1;
  std::uint64_t batch_kept_ = 0;  // version of the batch that the next start shows
  bool fitted_ = false;           // settings to the engine's catalog
  EngineLink engine_;             // last: ends first, while the window it wakes is still there
};

}  // namespace kiln
