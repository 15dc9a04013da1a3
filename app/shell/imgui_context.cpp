#include "app/shell/imgui_context.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_internal.h>

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>

#include "app/widgets/modal.h"

namespace kiln {
namespace {

#if IMGUI_VERSION_NUM < 18700
constexpr bool kInstallsCallbacks = false;  // QueuedInput does
#else
constexpr bool kInstallsCallbacks = true;  // ImGui queues what they bring

bool is_modifier(ImGuiKey key) { return (key & ImGuiMod_Mask_) != 0 || (key >= ImGuiKey_LeftCtrl && key <= ImGuiKey_RightSuper); }

// Keeps out of ImGui's queue, while this lives, what would give another meaning to a key of the same frame: a modifier that comes
// or goes after it. ImGui lets a frame see Ctrl+A as A alone when Ctrl is let go of soon enough.
class LaterModifiers {
 public:
  LaterModifiers() : queue_(ImGui::GetCurrentContext()->InputEventsQueue) {
    bool keyed = false;
    for (int i = 0; i < queue_.Size; ++i) {
      if (queue_[i].Type != ImGuiInputEventType_Key) continue;
      if (is_modifier(queue_[i].Key.Key) && keyed) {
        for (int j = i; j < queue_.Size; ++j) later_.push_back(queue_[j]);
        queue_.resize(i);
        return;
      }
      keyed |= !is_modifier(queue_[i].Key.Key);
    }
  }
  ~LaterModifiers() {
    for (const ImGuiInputEvent& event : later_) queue_.push_back(event);
  }
  LaterModifiers(const LaterModifiers&) = delete;
  LaterModifiers& operator=(const LaterModifiers&) = delete;

 private:
  ImVector<ImGuiInputEvent>& queue_;
  ImVector<ImGuiInputEvent> later_;
};
#endif

}  // namespace

#if IMGUI_VERSION_NUM < 18700
ImGuiContextOwner::ImGuiContextOwner(Window& window) : input_(window.handle()) {
#else
ImGuiContextOwner::ImGuiContextOwner(Window& window) {
#endif
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigInputTextCursorBlink = false;  // a blinking cursor would wake an idle window
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  ImGui_ImplGlfw_InitForOpenGL(window.handle(), kInstallsCallbacks);
  ImGui_ImplOpenGL3_Init("#version 330 core");
}

ImGuiContextOwner::~ImGuiContextOwner() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext();
}

void ImGuiContextOwner::begin_frame() {
  ImGui_ImplOpenGL3_NewFrame();
#if IMGUI_VERSION_NUM < 18700
  input_.new_frame();
#else
  ImGui_ImplGlfw_NewFrame();
  const LaterModifiers later;
#endif
  ImGui::NewFrame();
  close_abandoned_popups();
}

void ImGuiContextOwner::end_frame() { ImGui::Render(); }

void ImGuiContextOwner::draw(const std::vector<ImDrawList*>& lists) {
  ImDrawData data = *ImGui::GetDrawData();
#if IMGUI_VERSION_NUM < 18980
  data.CmdLists = const_cast<ImDrawList**>(lists.data());
#else
  data.CmdLists.resize(0);
  for (ImDrawList* list : lists) data.CmdLists.push_back(list);
#endif
  data.CmdListsCount = static_cast<int>(lists.size());
  ImGui_ImplOpenGL3_RenderDrawData(&data);
}

bool ImGuiContextOwner::has_input_left() const {
#if IMGUI_VERSION_NUM >= 18700
  return !ImGui::GetCurrentContext()->InputEventsQueue.empty();
#else
  return !input_.empty();
#endif
}

void ImGuiContextOwner::fonts_changed() {
#if IMGUI_VERSION_NUM < 19200
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
}

}  // namespace kiln
