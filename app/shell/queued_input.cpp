#include "app/shell/queued_input.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>

#include <cfloat>

#if IMGUI_VERSION_NUM < 18700

namespace kiln {
namespace {

InputQueue* queue = nullptr;

// Those that were there before are called first.
struct {
  GLFWkeyfun key;
  GLFWcharfun character;
  GLFWmousebuttonfun button;
  GLFWcursorposfun pointer;
  GLFWscrollfun wheel;
  GLFWwindowfocusfun focus;
  GLFWcursorenterfun enter;
} before;

InputEvent key_event(int key, int scancode, int action, int modifiers) {
  InputEvent event;
  event.code = key;
  event.down = action == GLFW_PRESS;
  event.modifier = key >= GLFW_KEY_LEFT_SHIFT && key <= GLFW_KEY_RIGHT_SUPER;
  event.command = event.modifier && key != GLFW_KEY_LEFT_SHIFT && key != GLFW_KEY_RIGHT_SHIFT;
  event.printable = key >= GLFW_KEY_SPACE && key <= GLFW_KEY_GRAVE_ACCENT;
  event.scancode = scancode;
  event.modifiers = modifiers;
  return event;
}

void on_key(GLFWwindow* window, int key, int scancode, int action, int modifiers) {
  if (before.key) before.key(window, key, scancode, action, modifiers);
  // ImGui repeats held keys by itself.
  if (key != GLFW_KEY_UNKNOWN && action != GLFW_REPEAT) queue->push(key_event(key, scancode, action, modifiers));
}

void on_character(GLFWwindow* window, unsigned character) {
  if (before.character) before.character(window, character);
  InputEvent event;
  event.kind = InputEvent::Kind::kCharacter;
  event.code = static_cast<int>(character);
  queue->push(event);
}

void on_button(GLFWwindow* window, int button, int action, int modifiers) {
  if (before.button) before.button(window, button, action, modifiers);
  if (button >= ImGuiMouseButton_COUNT) return;
  InputEvent event;
  event.kind = InputEvent::Kind::kButton;
  event.code = button;
  event.down = action == GLFW_PRESS;
  queue->push(event);
}

void on_pointer(GLFWwindow* window, double x, double y) {
  if (before.pointer) before.pointer(window, x, y);
  InputEvent event;
  event.kind = InputEvent::Kind::kPointer;
  event.x = x;
  event.y = y;
  queue->push(event);
}

void on_wheel(GLFWwindow* window, double x, double y) {
  if (before.wheel) before.wheel(window, x, y);
  InputEvent event;
  event.kind = InputEvent::Kind::kWheel;
  event.x = x;
  event.y = y;
  queue->push(event);
}

void on_focus(GLFWwindow* window, int focused) {
  if (before.focus) before.focus(window, focused);
  ImGui_ImplGlfw_WindowFocusCallback(window, focused);
}

void on_enter(GLFWwindow* window, int entered) {
  if (before.enter) before.enter(window, entered);
  ImGui_ImplGlfw_CursorEnterCallback(window, entered);
}

}  // namespace

QueuedInput::QueuedInput(GLFWwindow* window) : window_(window) {
  queue = &queue_;
  before = {glfwSetKeyCallback(window, on_key),
            glfwSetCharCallback(window, on_character),
            glfwSetMouseButtonCallback(window, on_button),
            glfwSetCursorPosCallback(window, on_pointer),
            glfwSetScrollCallback(window, on_wheel),
            glfwSetWindowFocusCallback(window, on_focus),
            glfwSetCursorEnterCallback(window, on_enter)};
}

QueuedInput::~QueuedInput() {
  glfwSetKeyCallback(window_, before.key);
  glfwSetCharCallback(window_, before.character);
  glfwSetMouseButtonCallback(window_, before.button);
  glfwSetCursorPosCallback(window_, before.pointer);
  glfwSetScrollCallback(window_, before.wheel);
  glfwSetWindowFocusCallback(window_, before.focus);
  glfwSetCursorEnterCallback(window_, before.enter);
  queue = nullptr;
}

void QueuedInput::new_frame() {
  bool button_changed = false;
  for (const InputEvent& event : queue_.take_frame()) {
    switch (event.kind) {
      case InputEvent::Kind::kKey:
        ImGui_ImplGlfw_KeyCallback(window_, event.code, event.scancode, event.down ? GLFW_PRESS : GLFW_RELEASE, event.modifiers);
        break;
      case InputEvent::Kind::kCharacter:
        ImGui_ImplGlfw_CharCallback(window_, static_cast<unsigned>(event.code));
        break;
      case InputEvent::Kind::kButton:
        buttons_[event.code] = event.down;
        button_changed = true;
        break;
      case InputEvent::Kind::kPointer:
        pointer_ = {static_cast<float>(event.x), static_cast<float>(event.y)};
        pointed_ = true;
        break;
      case InputEvent::Kind::kWheel:
        ImGui_ImplGlfw_ScrollCallback(window_, event.x, event.y);
        break;
    }
  }
  ImGui_ImplGlfw_NewFrame();
  // The backend asks for the pointer as it is now; a button is pressed and let go of where it was then.
  ImGuiIO& io = ImGui::GetIO();
  for (int button = 0; button < ImGuiMouseButton_COUNT; ++button) io.MouseDown[button] = buttons_[button];
  if (pointed_ && (button_changed || !queue_.empty()) && io.MousePos.x != -FLT_MAX) io.MousePos = pointer_;
}

}  // namespace kiln

#endif
